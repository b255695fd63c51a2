using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGate.Wire;

/// <summary>
/// 64 bytes of field lines as two bit maps: which bytes end a name (all but tchar), and which end a value (control bytes).
/// Behind the last byte every bit is set.
/// </summary>
internal readonly struct FieldBlock
{
    public const int Bytes = 64;

    private const int Half = 32;

    private FieldBlock(ulong nameEnds, ulong valueEnds)
    {
        NameEnds = nameEnds;
        ValueEnds = valueEnds;
    }

    public ulong NameEnds { get; }

    public ulong ValueEnds { get; }

    /// <param name="bytes">All bytes of the head that are there.</param>
    /// <param name="from">The first byte of the block.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static FieldBlock At(ReadOnlySpan<byte> bytes, int from)
    {
        int missing = Bytes - (bytes.Length - from);
        if (missing <= 0) return Of(bytes.Slice(from, Bytes));
        if (missing >= Bytes) return new FieldBlock(ulong.MaxValue, ulong.MaxValue);
        if (bytes.Length < Bytes) return OfFew(bytes[from..]);

        FieldBlock last = Of(bytes[^Bytes..]);
        ulong behind = ~(ulong.MaxValue >> missing);
        return new FieldBlock((last.NameEnds >> missing) | behind, (last.ValueEnds >> missing) | behind);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FieldBlock OfFew(ReadOnlySpan<byte> bytes)
    {
        // Padded with NUL, which ends names and values.
        Span<byte> padded = stackalloc byte[Bytes];
        bytes.CopyTo(padded);
        return Of(padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldBlock Of(ReadOnlySpan<byte> block)
    {
        (uint name, uint value) = OfHalf(block[..Half]);
        (uint nameBehind, uint valueBehind) = OfHalf(block.Slice(Half, Half));
        return new FieldBlock(name | ((ulong)nameBehind << Half), value | ((ulong)valueBehind << Half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (uint NameEnds, uint ValueEnds) OfHalf(ReadOnlySpan<byte> half)
    {
        if (Avx2.IsSupported)
        {
            var whole = Vector256.Create(half);
            return (WireBytes.Token.OthersIn(whole), ControlBytes.In(whole));
        }
        var first = Vector128.Create(half[..16]);
        var second = Vector128.Create(half[16..]);
        return (WireBytes.Token.OthersIn(first) | (WireBytes.Token.OthersIn(second) << 16),
            ControlBytes.In(first) | (ControlBytes.In(second) << 16));
    }
}
