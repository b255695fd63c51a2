using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGate.Proxy.Wire;

/// <summary>
/// A set of ASCII bytes, and the search for the first byte outside it. Elements of a head are short and surrounded by
/// other bytes, so the search tests blocks of 16 bytes in place (blocks of 32 measured slower).
/// <see cref="SearchValues"/>, whose call costs more than most of these searches, is used only for less than a block.
/// </summary>
internal sealed class AsciiSet
{
    /// <summary>For each high nibble, its bit in a row; zero from 0x80 on.</summary>
    private static readonly Vector128<byte> Columns = Vector128.Create(
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

    /// <summary>For each low nibble, one bit for each high nibble that completes a member of the set.</summary>
    private readonly Vector128<byte> _rows;

    public AsciiSet(ReadOnlySpan<byte> members)
    {
        _values = SearchValues.Create(members);
        Span<byte> bits = stackalloc byte[Vector128<byte>.Count];
        foreach (byte member in members)
            bits[member & 0xF] |= (byte)(1 << (member >> 4));
        _rows = Vector128.Create(bits);
    }

    /// <summary>The index of the first byte from <paramref name="from"/> on that is not in the set; the length if all
    /// are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOfAnyExcept(ReadOnlySpan<byte> bytes, int from)
    {
        while (Vector128.IsHardwareAccelerated && bytes.Length - from >= Vector128<byte>.Count)
        {
            Vector128<byte> block = Vector128.Create(bytes.Slice(from, Vector128<byte>.Count));
            uint nonMembers = NonMembersIn(block);
            if (nonMembers != 0)
                return from + BitOperations.TrailingZeroCount(nonMembers);
            from += Vector128<byte>.Count;
        }

        return from == bytes.Length ? from : IndexInTail(bytes, from);
    }

    /// <summary>Searches the last bytes, fewer than 16, as one block together with the bytes before them, if
    /// enough.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int IndexInTail(ReadOnlySpan<byte> bytes, int from)
    {
        int start = bytes.Length - Vector128<byte>.Count;
        if (Vector128.IsHardwareAccelerated && start >= 0)
        {
            uint nonMembers = NonMembersIn(Vector128.Create(bytes[start..])) >> (from - start);
            return nonMembers == 0 ? bytes.Length : from + BitOperations.TrailingZeroCount(nonMembers);
        }

        int index = bytes[from..].IndexOfAnyExcept(_values);
        return index < 0 ? bytes.Length : from + index;
    }

    /// <summary>Returns one bit for each byte that is not in the set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint NonMembersIn(Vector128<byte> block)
    {
        Vector128<byte> row = LookUp(_rows, block & Vector128.Create((byte)0xF));
        Vector128<byte> column = LookUp(Columns, block >>> 4);
        return Vector128.Equals(row & column, Vector128<byte>.Zero).ExtractMostSignificantBits();
    }

    // Native code is compiled for processors without SSSE3, too, and there ShuffleNative is a call that takes the bytes
    // one by one: half of all instructions of a request. This checks the processor instead.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> LookUp(Vector128<byte> table, Vector128<byte> indices) =>
        Ssse3.IsSupported ? Ssse3.Shuffle(table, indices) : Vector128.ShuffleNative(table, indices);

    /// <inheritdoc cref="NonMembersIn(Vector128{byte})"/>
    /// <remarks>
    /// Requires <see cref="Avx2"/>, whose shuffle looks up each half of the block in a table of 16 by the low four bits
    /// of each byte, and returns zero for bytes from 0x80 on, which are in no set. The column is the same for all sets,
    /// so a second set costs half.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint NonMembersIn(Vector256<byte> block)
    {
        Vector256<byte> row = Avx2.Shuffle(Vector256.Create(_rows), block);
        Vector256<byte> column = Avx2.Shuffle(Vector256.Create(Columns), block >>> 4);
        return Vector256.Equals(row & column, Vector256<byte>.Zero).ExtractMostSignificantBits();
    }
}
