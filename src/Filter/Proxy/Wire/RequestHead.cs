namespace FastGate.Proxy.Wire;

/// <summary>
/// The parsed parts of a request head, as offsets from its first byte, and the state of its scan. <c>default</c> is a
/// scan that has not begun. After a fault, the method and the path are available as far as they were recognized.
/// </summary>
internal struct RequestHead
{
    /// <summary>0 until the whole method has been scanned.</summary>
    public int MethodLength { get; set; }

    public int PathStart { get; set; }

    /// <summary>Excludes <c>?</c> and the query.</summary>
    public int PathLength { get; set; }

    /// <summary>Includes the path, <c>?</c> and the query.</summary>
    public int TargetLength { get; set; }

    public int HostStart { get; set; }

    /// <summary>Length of the value without surrounding white space; -1 without a Host field.</summary>
    public int HostLength { get; set; }

    /// <summary>Includes the final empty line; 0 until the head is complete.</summary>
    public int HeadLength { get; set; }

    /// <summary>The limit that the head exceeded; 0 unless the fault is
    /// <see cref="HeadFault.HeadTooLarge"/>.</summary>
    public int HeadBytesMax { get; set; }

    /// <summary>-1 without Content-Length.</summary>
    public long ContentLength { get; set; }

    public bool Chunked { get; set; }

    /// <summary>Content follows. Every server reads a length of 0 as no content; chunked content has at least a last
    /// chunk.</summary>
    public readonly bool HasContent => Chunked || ContentLength > 0;

    public int MinorVersion { get; set; }

    /// <summary>The connection closes after this exchange (RFC 9112 §9.3).</summary>
    public bool EndsConnection { get; set; }

    public bool ExpectContinue { get; set; }

    public HeadFault Fault { get; set; }

    /// <summary>The element that the scan has reached.</summary>
    internal RequestPhase Phase { get; set; }

    internal bool PathEscaped { get; set; }

    internal bool KeepAlive { get; set; }

    internal FieldCursor Cursor;

    public readonly ReadOnlySpan<byte> Method(ReadOnlySpan<byte> bytes) => bytes[..MethodLength];

    public readonly ReadOnlySpan<byte> Path(ReadOnlySpan<byte> bytes) => bytes.Slice(PathStart, PathLength);

    /// <summary>Empty without a Host field.</summary>
    public readonly ReadOnlySpan<byte> Host(ReadOnlySpan<byte> bytes) => bytes.Slice(HostStart, int.Max(HostLength, 0));

    /// <summary>Records the fault, if any, and returns false, so that a scanner can return with it.</summary>
    internal bool Fail(HeadFault fault)
    {
        Fault = fault;
        return false;
    }
}

/// <summary>The element of a request head that a scan has reached.</summary>
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
