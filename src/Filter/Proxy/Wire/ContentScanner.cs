namespace FastGate.Proxy.Wire;

/// <summary>
/// Finds how many of the bytes after a head belong to its message, and where the message ends. Resumable at every byte;
/// pure; allocates nothing.
/// </summary>
internal struct ContentScanner
{
    private readonly ContentFraming _framing;
    private long _remaining;
    private ChunkScanner _chunks;

    private ContentScanner(ContentFraming framing, long length, bool extensionsAllowed)
    {
        _framing = framing;
        _remaining = length;
        _chunks = new ChunkScanner(extensionsAllowed);
        Done = framing == ContentFraming.None;
    }

    public static ContentScanner For(in RequestHead head) =>
        new(Framing.OfRequest(head), head.ContentLength, extensionsAllowed: false);

    /// <param name="head">A complete head.</param>
    /// <param name="headRequest">The request's method was HEAD.</param>
    public static ContentScanner For(in ResponseHead head, bool headRequest) =>
        new(Framing.OfResponse(head, headRequest), head.ContentLength, extensionsAllowed: true);

    /// <summary>The message is complete. Never true for a response that ends when the upstream closes.</summary>
    public bool Done { get; private set; }

    public readonly bool UntilClose => _framing == ContentFraming.UntilClose;

    public readonly ChunkFault Fault => _chunks.Fault;

    /// <summary>The chunks so far; 0 for content that is not chunked.</summary>
    public readonly int Chunks => _chunks.Count;

    /// <param name="bytes">The bytes that follow those of the last call.</param>
    /// <param name="taken">How many of them belong to this message, including chunk framing; up to the fault, if
    /// any.</param>
    public ScanResult Take(ReadOnlySpan<byte> bytes, out int taken)
    {
        ScanResult result;
        switch (_framing)
        {
            case ContentFraming.Length:
                taken = (int)long.Min(_remaining, bytes.Length);
                _remaining -= taken;
                result = _remaining == 0 ? ScanResult.Complete : ScanResult.Partial;
                break;
            case ContentFraming.Chunked:
                result = _chunks.Take(bytes, out taken);
                break;
            case ContentFraming.UntilClose:
                taken = bytes.Length;
                result = ScanResult.Partial;
                break;
            default:
                taken = 0;
                result = ScanResult.Complete;
                break;
        }

        Done = result == ScanResult.Complete;
        return result;
    }
}

/// <summary>How the end of a message's content is determined.</summary>
internal enum ContentFraming : byte
{
    None,
    Length,
    Chunked,
    UntilClose,
}
