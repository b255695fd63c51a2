namespace FastGate.Wire;

/// <summary>
/// The block of field lines in which a scan stands. Ends of elements are found by shifts of its bit maps, so that one search
/// does not wait for the loads of the one before.
/// </summary>
internal readonly struct FieldMap
{
    /// <param name="bytes">All bytes of the head that are there.</param>
    /// <param name="from">Where the search begins.</param>
    public FieldMap(ReadOnlySpan<byte> bytes, int from)
        : this(FieldBlock.At(bytes, from), from)
    {
    }

    public FieldMap(FieldBlock block, int start)
    {
        Block = block;
        Start = start;
    }

    public FieldBlock Block { get; }

    /// <summary>Of the block's first byte.</summary>
    public int Start { get; }
}
