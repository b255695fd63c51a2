using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGate.Proxy.Wire;

/// <summary>
/// 64 bytes of a head as two bit maps: which bytes end a token (all but tchar), and which end a field value (control
/// bytes). Behind the last byte every bit is set. Elements are found by shifts, so that no search waits for the loads
/// of the one before.
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

    /// <summary>Of the block's first byte.</summary>
    public int Start { get; }

    public ulong NameEnds { get; }

    public ulong ValueEnds { get; }

    /// <param name="bytes">All bytes of the head that are there.</param>
    /// <param name="start">The first byte of the block; at most the length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FieldBlock At(ReadOnlySpan<byte> bytes, int start) =>
        bytes.Length - start >= Bytes ? Of(bytes.Slice(start, Bytes), start) : Last(bytes, start);

    /// <summary>Fewer than 64 bytes: what lies before them is shifted out.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FieldBlock Last(ReadOnlySpan<byte> bytes, int start)
    {
        int missing = Bytes - (bytes.Length - start);
        if (missing == Bytes)
            return new FieldBlock(start, ulong.MaxValue, ulong.MaxValue);
        if (bytes.Length < Bytes)
            return OfFew(bytes[start..], start);

        FieldBlock last = Of(bytes[^Bytes..], start);
        ulong behind = ~(ulong.MaxValue >> missing);
        return new FieldBlock(start, (last.NameEnds >> missing) | behind, (last.ValueEnds >> missing) | behind);
    }

    private static FieldBlock OfFew(ReadOnlySpan<byte> bytes, int start)
    {
        // Padded with NUL, which ends names and values.
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

    /// <summary>The bytes that no token holds, and those that a value may hold.</summary>
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
