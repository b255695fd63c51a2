namespace FastGate.Proxy.Wire;

/// <summary>The parsed parts of a response head and the state of its scan. <c>default</c> is a scan that has not
/// begun.</summary>
internal struct ResponseHead
{
    public int Status { get; set; }

    public int MinorVersion { get; set; }

    /// <summary>-1 without Content-Length.</summary>
    public long ContentLength { get; set; }

    public bool Chunked { get; set; }

    /// <summary>The upstream closes the connection after this response (RFC 9112 §9.3).</summary>
    public bool EndsConnection { get; set; }

    /// <summary>Includes the final empty line; 0 until the head is complete.</summary>
    public int HeadLength { get; set; }

    /// <summary>The whole status line has been scanned, so <see cref="Status"/> is final.</summary>
    public bool StatusLineDone { get; set; }

    public ResponseFault Fault { get; set; }

    internal bool KeepAlive { get; set; }

    internal FieldCursor Cursor;

    /// <summary>Records the fault, if any, and returns false, so that a scanner can return with it.</summary>
    internal bool Fail(ResponseFault fault)
    {
        Fault = fault;
        return false;
    }
}
