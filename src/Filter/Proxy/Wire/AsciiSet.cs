using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGate.Proxy.Wire;

/// <summary>
/// A set of ASCII bytes, and the search for the first byte outside it. Elements of a head are short and stand amid many
/// other bytes, so blocks of 16 are looked at in place (blocks of 32 measured slower); a call of
/// <see cref="SearchValues"/>, which costs more than most of these searches, is left for what is shorter than a block.
/// </summary>
internal sealed class AsciiSet
{
    /// <summary>For each high half of a byte, its bit in a row; none from 0x80 on.</summary>
    private static readonly Vector128<byte> columns = Vector128.Create(
        1,
        2,
        4,
        8,
        16,
        32,
        64,
        128,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0
    );

    private readonly SearchValues<byte> _values;

    /// <summary>For each low half of a byte, a bit for each high half with which it is in the set.</summary>
    private readonly Vector128<byte> _rows;

    public AsciiSet(ReadOnlySpan<byte> members)
    {
        _values = SearchValues.Create(members);
        Span<byte> bits = stackalloc byte[Vector128<byte>.Count];
        foreach (byte member in members)
            bits[member & 0xF] |= (byte)(1 << (member >> 4));
        _rows = Vector128.Create(bits);
    }

    /// <summary>Of the first byte at or behind <paramref name="from"/> that is not in the set; the length if all
    /// are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOfAnyExcept(ReadOnlySpan<byte> bytes, int from)
    {
        while (Vector128.IsHardwareAccelerated && bytes.Length - from >= Vector128<byte>.Count)
        {
            Vector128<byte> block = Vector128.Create(bytes.Slice(from, Vector128<byte>.Count));
            uint others = NonMembersIn(block);
            if (others != 0)
                return from + BitOperations.TrailingZeroCount(others);
            from += Vector128<byte>.Count;
        }

        return from == bytes.Length ? from : IndexOfOtherInLast(bytes, from);
    }

    /// <summary>Fewer than 16 bytes: with those before them, if there are enough, they make one more block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int IndexOfOtherInLast(ReadOnlySpan<byte> bytes, int from)
    {
        int start = bytes.Length - Vector128<byte>.Count;
        if (Vector128.IsHardwareAccelerated && start >= 0)
        {
            uint others = NonMembersIn(Vector128.Create(bytes[start..])) >> (from - start);
            return others == 0 ? bytes.Length : from + BitOperations.TrailingZeroCount(others);
        }

        int index = bytes[from..].IndexOfAnyExcept(_values);
        return index < 0 ? bytes.Length : from + index;
    }

    /// <summary>A bit for each byte that is not in the set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint NonMembersIn(Vector128<byte> block)
    {
        Vector128<byte> row = Vector128.ShuffleNative(_rows, block & Vector128.Create((byte)0xF));
        Vector128<byte> column = Vector128.ShuffleNative(columns, block >>> 4);
        return Vector128.Equals(row & column, Vector128<byte>.Zero).ExtractMostSignificantBits();
    }

    /// <inheritdoc cref="NonMembersIn(Vector128{byte})"/>
    /// <remarks>
    /// Only where <see cref="Avx2"/> is supported: its shuffle looks up each half of the block in a table of 16, by the
    /// low four bits of a byte, and has zero for those from 0x80 on, which are in no set. The column is the same for
    /// all sets, so a second set costs half.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint NonMembersIn(Vector256<byte> block)
    {
        Vector256<byte> row = Avx2.Shuffle(Vector256.Create(_rows), block);
        Vector256<byte> column = Avx2.Shuffle(Vector256.Create(columns), block >>> 4);
        return Vector256.Equals(row & column, Vector256<byte>.Zero).ExtractMostSignificantBits();
    }
}
