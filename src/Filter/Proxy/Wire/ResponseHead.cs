namespace FastGate.Proxy.Wire;

/// <summary>What was found in a response head, and where the scan goes on. <c>default</c> is a scan that has not
/// begun.</summary>
internal struct ResponseHead
{
    public int Status { get; set; }

    public int MinorVersion { get; set; }

    /// <summary>-1 without a Content-Length field.</summary>
    public long ContentLength { get; set; }

    public bool Chunked { get; set; }

    /// <summary>The upstream ends the connection after this response (RFC 9112 §9.3).</summary>
    public bool EndsConnection { get; set; }

    /// <summary>With the empty line at its end; 0 until it is complete.</summary>
    public int HeadLength { get; set; }

    /// <summary>The CRLF of the status line has been seen, so <see cref="Status"/> is certain.</summary>
    public bool StatusLineDone { get; set; }

    public ResponseFault Fault { get; set; }

    internal bool KeepAlive { get; set; }

    internal FieldCursor Cursor;

    /// <summary>Records the fault, if there is one, and returns false, so that a step can end with it.</summary>
    internal bool Fail(ResponseFault fault)
    {
        Fault = fault;
        return false;
    }
}
