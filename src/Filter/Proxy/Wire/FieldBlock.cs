using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGate.Proxy.Wire;

/// <summary>
/// 64 bytes of a head as two bit maps: bytes that end a token (all but tchar), and bytes that end a field value
/// (control bytes). Past the last byte every bit is set. Elements are found by shifts, so that no search waits for the
/// loads of the previous one.
/// </summary>
internal readonly struct FieldBlock
{
    public const int Bytes = 64;

    private const int Half = Bytes / 2;
    private const int Quarter = Bytes / 4;

    private FieldBlock(int start, ulong nameEnds, ulong valueEnds)
    {
        Start = start;
        NameEnds = nameEnds;
        ValueEnds = valueEnds;
    }

    /// <summary>The index of the block's first byte.</summary>
    public int Start { get; }

    public ulong NameEnds { get; }

    public ulong ValueEnds { get; }

    /// <param name="bytes">The bytes of the head received so far.</param>
    /// <param name="start">The index of the block's first byte; at most the length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FieldBlock At(ReadOnlySpan<byte> bytes, int start) =>
        bytes.Length - start >= Bytes ? Of(bytes.Slice(start, Bytes), start) : Last(bytes, start);

    /// <summary>Makes a block of the last bytes, fewer than 64: those before them are shifted out.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FieldBlock Last(ReadOnlySpan<byte> bytes, int start)
    {
        int missing = Bytes - (bytes.Length - start);
        if (missing == Bytes)
            return new FieldBlock(start, ulong.MaxValue, ulong.MaxValue);
        if (bytes.Length < Bytes)
            return OfFew(bytes[start..], start);

        FieldBlock last = Of(bytes[^Bytes..], start);
        ulong past = ~(ulong.MaxValue >> missing);
        return new FieldBlock(start, (last.NameEnds >> missing) | past, (last.ValueEnds >> missing) | past);
    }

    private static FieldBlock OfFew(ReadOnlySpan<byte> bytes, int start)
    {
        // The padding is NUL, which ends names and values.
        Span<byte> padded = stackalloc byte[Bytes];
        bytes.CopyTo(padded);
        return Of(padded, start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldBlock Of(ReadOnlySpan<byte> block, int start)
    {
        (uint names, uint values) = OfHalf(block[..Half]);
        (uint namesBehind, uint valuesBehind) = OfHalf(block.Slice(Half, Half));
        return new FieldBlock(start, names | ((ulong)namesBehind << Half), ~(values | ((ulong)valuesBehind << Half)));
    }

    /// <summary>The bytes that no token contains, and those that a value may contain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (uint NotOfNames, uint OfValues) OfHalf(ReadOnlySpan<byte> half)
    {
        if (Avx2.IsSupported)
        {
            var whole = Vector256.Create(half);
            return (WireBytes.Token.NonMembersIn(whole), ControlBytes.Set.NonMembersIn(whole));
        }

        var first = Vector128.Create(half[..Quarter]);
        var second = Vector128.Create(half.Slice(Quarter, Quarter));
        return (
            WireBytes.Token.NonMembersIn(first) | (WireBytes.Token.NonMembersIn(second) << Quarter),
            ControlBytes.Set.NonMembersIn(first) | (ControlBytes.Set.NonMembersIn(second) << Quarter)
        );
    }
}
