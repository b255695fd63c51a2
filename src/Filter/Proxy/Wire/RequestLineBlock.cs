using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGate.Proxy.Wire;

/// <summary>
/// The fast path for a plain request line that fits in the first 64 bytes, as nearly all do. Any other line is left to
/// <see cref="RequestLineScanner"/>, which gives the same result for plain ones.
/// </summary>
internal static class RequestLineBlock
{
    /// <param name="bytes">The bytes of the head received so far.</param>
    /// <param name="tokenEnds">One bit for each of the first 64 bytes that is not tchar.</param>
    /// <param name="head">A scan that has not begun; unchanged if the result is false.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTake(ReadOnlySpan<byte> bytes, ulong tokenEnds, ref RequestHead head)
    {
        if (bytes.Length < FieldBlock.Bytes)
            return false;
        int methodLength = BitOperations.TrailingZeroCount(tokenEnds);
        int pathStart = methodLength + 1;
        if (methodLength == 0 || pathStart >= FieldBlock.Bytes || !bytes[methodLength..].StartsWith(" /"u8))
            return false;

        var block = PathBlock.At(bytes, pathStart);
        int pathLength = BitOperations.TrailingZeroCount(block.Ends);
        if (pathLength >= FieldBlock.Bytes - 1 || block.HasOddSegment(pathLength))
            return false;

        int targetLength = pathLength;
        if (bytes[pathStart + pathLength] == '?')
        {
            ulong queryEnds = block.Ends >> (pathLength + 1);
            if (queryEnds == 0)
                return false;
            targetLength += 1 + BitOperations.TrailingZeroCount(queryEnds);
        }

        int targetEnd = pathStart + targetLength;
        if (!bytes[targetEnd..].StartsWith(" HTTP/1.1\r\n"u8))
            return false;

        head.MethodLength = methodLength;
        head.PathStart = pathStart;
        head.PathLength = pathLength;
        head.TargetLength = targetLength;
        head.HostLength = -1;
        head.ContentLength = -1;
        head.MinorVersion = 1;
        head.Phase = RequestPhase.Fields;
        head.Cursor.Position = head.Cursor.LineStart = targetEnd + LineRest;
        return true;
    }

    private static int LineRest => " HTTP/1.1\r\n"u8.Length;
}

/// <summary>The first 64 bytes of a message as bit maps that begin at the path.</summary>
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

    /// <summary>Bytes that no plain path contains.</summary>
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

    /// <summary>Whether any segment is empty or begins with a dot.</summary>
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
                WireBytes.PlainPath.NonMembersIn(whole),
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
            WireBytes.PlainPath.NonMembersIn(quarter),
            Vector128.Equals(quarter, Vector128.Create((byte)'/')).ExtractMostSignificantBits(),
            Vector128.Equals(quarter, Vector128.Create((byte)'.')).ExtractMostSignificantBits()
        );
}
