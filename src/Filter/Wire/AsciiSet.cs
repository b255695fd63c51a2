using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FastGate.Wire;

/// <summary>
/// A set of ASCII bytes, and the search for the first byte outside it. Elements of a head are short and stand amid many
/// bytes, so the first blocks are looked at in place, which halves the time of a head against a call of
/// <see cref="SearchValues"/> for each element; that is left with the last 15 bytes.
/// </summary>
internal sealed class AsciiSet
{
    private readonly SearchValues<byte> values;

    /// <summary>For each low half of a byte, a bit for each high half with which it is in the set.</summary>
    private readonly Vector128<byte> rows;

    public AsciiSet(ReadOnlySpan<byte> members)
    {
        values = SearchValues.Create(members);
        Span<byte> bits = stackalloc byte[Vector128<byte>.Count];
        foreach (byte member in members) bits[member & 0xF] |= (byte)(1 << (member >> 4));
        rows = Vector128.Create(bits);
    }

    /// <summary>Of the first byte at or behind <paramref name="from"/> that is not in the set; the length if all are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOfOther(ReadOnlySpan<byte> bytes, int from)
    {
        while (Vector128.IsHardwareAccelerated && bytes.Length - from >= Vector128<byte>.Count)
        {
            Vector128<byte> block = Vector128.Create(bytes.Slice(from, Vector128<byte>.Count));
            Vector128<byte> row = Vector128.Shuffle(rows, block & Vector128.Create((byte)0xF));
            uint others = Vector128.Equals(row & Column(block), Vector128<byte>.Zero).ExtractMostSignificantBits();
            if (others != 0) return from + BitOperations.TrailingZeroCount(others);
            from += Vector128<byte>.Count;
        }

        int index = bytes[from..].IndexOfAnyExcept(values);
        return index < 0 ? bytes.Length : from + index;
    }

    /// <summary>The bit of each byte's high half; none from 0x80 on.</summary>
    private static Vector128<byte> Column(Vector128<byte> block) => Vector128.Shuffle(
        Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0), block >>> 4);
}
