using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Scans the responses to one request, interim ones included: how much of what the upstream sends may be passed on,
/// and where the last response ends.
/// </summary>
/// <remarks>
/// Only the status line is held until it is complete, since a 101 must never be passed. The rest of an incomplete head
/// is passed as it arrives, and stays in the buffer so that the scan sees the head in one piece. From a fault on,
/// nothing more is passed: a response that two readers could understand differently never reaches the client complete
/// (RFC 9112 §6.3, item 5).
/// </remarks>
internal struct ResponseScanner
{
    private const int SwitchingProtocols = 101;

    private ResponseHead _head;
    private ContentScanner _content;
    private bool _inContent;
    private int _passed;
    private bool _headRequest;

    /// <summary>The status of the last response; 0 before its status line.</summary>
    public int Status { get; private set; }

    /// <summary>The connection ends after this response, by a field or because its end is the end of the
    /// content.</summary>
    public bool EndsConnection { get; private set; }

    /// <summary>The end of the connection is the end of the content (RFC 9112 §6.3, item 8).</summary>
    public readonly bool IsUntilClose => _inContent && _content.UntilClose;

    /// <summary>Part of a response that has not ended was passed, so nothing else may be sent to the client.</summary>
    public readonly bool IsUnderway => _inContent || _passed > 0;

    /// <summary>The chunks of the last response so far; 0 if it is not chunked.</summary>
    public readonly int Chunks => _content.Chunks;

    /// <summary>What is wrong with the response.</summary>
    public readonly FaultText Fault =>
        _head.Fault != ResponseFault.None ? ResponseFaultTexts.Of(_head.Fault) : ChunkFaultTexts.Of(_content.Fault);

    public void Begin(bool isHead)
    {
        this = default;
        _headRequest = isHead;
    }

    /// <summary>Scans what is in the buffer.</summary>
    /// <param name="bytes">All of it; the first bytes may have been passed already.</param>
    /// <param name="span">What to do with it.</param>
    public ResponseResult Scan(ReadOnlySpan<byte> bytes, out PassSpan span)
    {
        int done = 0;
        while (!_inContent)
        {
            ReadOnlySpan<byte> rest = bytes[done..];
            ScanResult found = ResponseHeadScanner.Scan(rest, ref _head);
            if (_head.StatusLineDone)
                Status = _head.Status;
            if (_head.StatusLineDone && _head.Status == SwitchingProtocols)
            {
                span = Stop(done);
                return ResponseResult.Upgrade;
            }
            if (found == ScanResult.Invalid)
            {
                span = Stop(done);
                return ResponseResult.Fault;
            }
            if (found == ScanResult.Partial)
            {
                span = Span(done, _head.StatusLineDone ? bytes.Length : done);
                return ResponseResult.Partial;
            }
            done += _head.HeadLength;
            EndHead();
        }
        return ScanContent(bytes, done, out span);
    }

    private void EndHead()
    {
        if (_head.Status < 200)
        {
            // An interim response: the final one follows.
            _head = default;
            return;
        }
        _inContent = true;
        _content = ContentScanner.For(in _head, _headRequest);
        EndsConnection = _head.EndsConnection || _content.UntilClose;
    }

    private ResponseResult ScanContent(ReadOnlySpan<byte> bytes, int done, out PassSpan span)
    {
        ScanResult found = _content.Take(bytes[done..], out int taken);
        done += taken;
        span = Span(done, done);
        if (found == ScanResult.Invalid)
            return ResponseResult.Fault;
        if (found == ScanResult.Partial)
            return ResponseResult.Partial;
        return done < bytes.Length ? ResponseResult.Surplus : ResponseResult.Complete;
    }

    // What precedes the fault is passed if it has not been; part of the head with the fault may have been.
    private PassSpan Stop(int done) => _passed > done ? new PassSpan(_passed, 0, _passed) : Span(done, done);

    // `done` bytes are scanned and may leave the buffer; up to `passable`, everything not yet passed is passed now.
    private PassSpan Span(int done, int passable)
    {
        PassSpan span = new(_passed, passable - _passed, done);
        _passed = passable - done;
        return span;
    }
}

/// <summary>What a scan of an upstream's bytes found.</summary>
internal enum ResponseResult
{
    /// <summary>The response is incomplete.</summary>
    Partial,

    /// <summary>The response ends with these bytes.</summary>
    Complete,

    /// <summary>The response ends, and bytes follow that belong to no request.</summary>
    Surplus,

    /// <summary>The response is malformed.</summary>
    Fault,

    /// <summary>A 101, which is never passed.</summary>
    Upgrade,
}

/// <summary>What to do with the bytes in an upstream's buffer.</summary>
/// <param name="PassStart">The start of the bytes to pass.</param>
/// <param name="PassLength">Their count.</param>
/// <param name="Done">How many bytes, from the first, may then leave the buffer.</param>
internal readonly record struct PassSpan(int PassStart, int PassLength, int Done);
