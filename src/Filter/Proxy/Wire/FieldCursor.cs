namespace FastGate.Proxy.Wire;

/// <summary>Where a scan over field lines stands: no byte before <see cref="Position"/> is searched again.</summary>
internal struct FieldCursor
{
    /// <summary>First byte of the current line.</summary>
    public int LineStart;

    /// <summary>First byte that has not been searched.</summary>
    public int Position;

    /// <summary>0 while the colon has not been found.</summary>
    public int NameLength;

    /// <summary>Field lines that have ended.</summary>
    public int Count;

    public HeadFault Fault;
}
