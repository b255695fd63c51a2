namespace FastGate.Proxy.Wire;

/// <summary>
/// What was found in a request head, as offsets from its first byte, and where the scan goes on. <c>default</c> is a
/// scan that has not begun. After a fault, the method and as much of the path as was recognised are still there.
/// </summary>
internal struct RequestHead
{
    /// <summary>0 until the method has ended.</summary>
    public int MethodLength { get; set; }

    public int PathStart { get; set; }

    /// <summary>Without <c>?</c> and the query.</summary>
    public int PathLength { get; set; }

    /// <summary>Path, <c>?</c> and query; it begins where the path does.</summary>
    public int TargetLength { get; set; }

    public int HostStart { get; set; }

    /// <summary>Of the value without white space around it; -1 without a Host field.</summary>
    public int HostLength { get; set; }

    /// <summary>With the empty line at its end; 0 until it is complete.</summary>
    public int HeadLength { get; set; }

    /// <summary>-1 without a Content-Length field.</summary>
    public long ContentLength { get; set; }

    public bool Chunked { get; set; }

    /// <summary>Content follows. A length of 0 is none to every server; chunks have at least a last one.</summary>
    public readonly bool HasContent => Chunked || ContentLength > 0;

    public int MinorVersion { get; set; }

    /// <summary>The connection ends after this exchange (RFC 9112 §9.3).</summary>
    public bool EndsConnection { get; set; }

    public bool ExpectContinue { get; set; }

    public HeadFault Fault { get; set; }

    /// <summary>Where the scan goes on.</summary>
    internal RequestPhase Phase { get; set; }

    internal bool PathEscaped { get; set; }

    internal bool KeepAlive { get; set; }

    internal FieldCursor Cursor;

    public readonly ReadOnlySpan<byte> Method(ReadOnlySpan<byte> bytes) => bytes[..MethodLength];

    public readonly ReadOnlySpan<byte> Path(ReadOnlySpan<byte> bytes) => bytes.Slice(PathStart, PathLength);

    /// <summary>Empty without a Host field.</summary>
    public readonly ReadOnlySpan<byte> Host(ReadOnlySpan<byte> bytes) => bytes.Slice(HostStart, int.Max(HostLength, 0));

    /// <summary>Records the fault, if there is one, and returns false, so that a step can end with it.</summary>
    internal bool Fail(HeadFault fault)
    {
        Fault = fault;
        return false;
    }
}

/// <summary>Which element of a request head the scan stands in.</summary>
internal enum RequestPhase : byte
{
    Begin,
    Method,
    Target,
    Path,
    Query,
    Version,
    LineEnd,
    Fields,
    End,
}
