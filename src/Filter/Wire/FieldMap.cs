using System.Numerics;
using System.Runtime.CompilerServices;

namespace FastGate.Wire;

/// <summary>
/// The block of field lines in which a scan stands. Ends of elements are found by shifts of its bit maps, so that one search
/// does not wait for the loads of the one before.
/// </summary>
internal struct FieldMap
{
    private int start;
    private ulong nameEnds;
    private ulong valueEnds;

    /// <param name="bytes">All bytes of the head that are there.</param>
    /// <param name="from">Where the search begins.</param>
    public FieldMap(ReadOnlySpan<byte> bytes, int from) => GoTo(bytes, from);

    /// <summary>The first byte at or behind <paramref name="at"/> that no name holds; the length if there is none.</summary>
    /// <param name="bytes">As before.</param>
    /// <param name="at">Not before where the last search ended.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NameEnd(ReadOnlySpan<byte> bytes, int at)
    {
        ulong ends = at - start < FieldBlock.Bytes ? nameEnds >> (at - start) : 0;
        while (ends == 0)
        {
            at = start + FieldBlock.Bytes;
            GoTo(bytes, at);
            ends = nameEnds;
        }
        return at + BitOperations.TrailingZeroCount(ends);
    }

    /// <summary>The first byte at or behind <paramref name="at"/> that no value holds; the length if there is none.</summary>
    /// <inheritdoc cref="NameEnd"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ValueEnd(ReadOnlySpan<byte> bytes, int at)
    {
        ulong ends = at - start < FieldBlock.Bytes ? valueEnds >> (at - start) : 0;
        while (ends == 0)
        {
            at = start + FieldBlock.Bytes;
            GoTo(bytes, at);
            ends = valueEnds;
        }
        return at + BitOperations.TrailingZeroCount(ends);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void GoTo(ReadOnlySpan<byte> bytes, int from)
    {
        FieldBlock block = FieldBlock.At(bytes, from);
        start = from;
        nameEnds = block.NameEnds;
        valueEnds = block.ValueEnds;
    }
}
