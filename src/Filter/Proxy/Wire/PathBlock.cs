using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGate.Proxy.Wire;

/// <summary>The first 64 bytes of a message as bit maps that begin at its path.</summary>
internal readonly struct PathBlock
{
    private const int Half = FieldBlock.Bytes / 2;
    private const int Quarter = FieldBlock.Bytes / 4;

    private readonly ulong _slashes;
    private readonly ulong _dots;

    private PathBlock(ulong ends, ulong slashes, ulong dots)
    {
        Ends = ends;
        _slashes = slashes;
        _dots = dots;
    }

    /// <summary>What no plain path holds.</summary>
    public ulong Ends { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PathBlock At(ReadOnlySpan<byte> bytes, int pathStart)
    {
        PathBlock low = OfHalf(bytes[..Half]);
        PathBlock high = OfHalf(bytes.Slice(Half, Half));
        return new PathBlock(
            (low.Ends | (high.Ends << Half)) >> pathStart,
            (low._slashes | (high._slashes << Half)) >> pathStart,
            (low._dots | (high._dots << Half)) >> pathStart
        );
    }

    /// <summary>A segment is empty or begins with a dot, the root's included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasOddSegment(int pathLength) =>
        (_slashes & ((_slashes | _dots | Ends) >> 1) & ~(ulong.MaxValue << pathLength)) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PathBlock OfHalf(ReadOnlySpan<byte> half)
    {
        if (Avx2.IsSupported)
        {
            var whole = Vector256.Create(half);
            return new PathBlock(
                WireBytes.PlainPath.OthersIn(whole),
                Vector256.Equals(whole, Vector256.Create((byte)'/')).ExtractMostSignificantBits(),
                Vector256.Equals(whole, Vector256.Create((byte)'.')).ExtractMostSignificantBits()
            );
        }

        PathBlock low = OfQuarter(Vector128.Create(half[..Quarter]));
        PathBlock high = OfQuarter(Vector128.Create(half.Slice(Quarter, Quarter)));
        return new PathBlock(
            low.Ends | (high.Ends << Quarter),
            low._slashes | (high._slashes << Quarter),
            low._dots | (high._dots << Quarter)
        );
    }

    private static PathBlock OfQuarter(Vector128<byte> quarter) =>
        new(
            WireBytes.PlainPath.OthersIn(quarter),
            Vector128.Equals(quarter, Vector128.Create((byte)'/')).ExtractMostSignificantBits(),
            Vector128.Equals(quarter, Vector128.Create((byte)'.')).ExtractMostSignificantBits()
        );
}
