using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Follows the responses to one request, interim ones included, through what the upstream sends: how much of it may be
/// passed on, and when the last response has ended.
/// </summary>
/// <remarks>
/// Only the status line is held until it is whole, since a 101 must never be passed. Of a head that is still growing
/// the rest is passed as it comes, and stays in the buffer so that the scan goes on in one piece. From a fault on
/// nothing more is passed: what two readers could see differently never reaches the client whole (RFC 9112 §6.3, item
/// 5).
/// </remarks>
internal struct ResponseScanner
{
    private const int SwitchingProtocols = 101;

    private ResponseHead _head;
    private ContentScanner _content;
    private bool _inContent;
    private int _passed;
    private bool _headRequest;

    /// <summary>Of the last response; 0 before its status line.</summary>
    public int Status { get; private set; }

    /// <summary>The connection ends after this response: the upstream says so, or its end is the end of the
    /// content.</summary>
    public bool EndsConnection { get; private set; }

    /// <summary>The end of the connection is the end of the content (RFC 9112 §6.3, item 8).</summary>
    public readonly bool IsUntilClose => _inContent && _content.UntilClose;

    /// <summary>Some of a response that has not ended was passed, so nothing else may be said to the client.</summary>
    public readonly bool IsUnderway => _inContent || _passed > 0;

    /// <summary>What is wrong with the response.</summary>
    public readonly FaultText Fault =>
        _head.Fault != ResponseFault.None ? ResponseFaults.Of(_head.Fault) : ChunkFaults.Of(_content.Fault);

    public void Begin(bool isHead)
    {
        this = default;
        _headRequest = isHead;
    }

    /// <summary>Looks at what is in the buffer.</summary>
    /// <param name="bytes">All of it; the first bytes may have been passed on already.</param>
    /// <param name="step">What to do with it.</param>
    public ResponseResult Scan(ReadOnlySpan<byte> bytes, out PassSpan step)
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
                step = Stop(done);
                return ResponseResult.Upgrade;
            }
            if (found == ScanResult.Invalid)
            {
                step = Stop(done);
                return ResponseResult.Fault;
            }
            if (found == ScanResult.Partial)
            {
                step = Step(done, _head.StatusLineDone ? bytes.Length : done);
                return ResponseResult.Partial;
            }
            done += _head.HeadLength;
            EndHead();
        }
        return ScanContent(bytes, done, out step);
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

    private ResponseResult ScanContent(ReadOnlySpan<byte> bytes, int done, out PassSpan step)
    {
        ScanResult found = _content.Take(bytes[done..], out int taken);
        done += taken;
        step = Step(done, done);
        if (found == ScanResult.Invalid)
            return ResponseResult.Fault;
        if (found == ScanResult.Partial)
            return ResponseResult.Partial;
        return done < bytes.Length ? ResponseResult.Surplus : ResponseResult.Complete;
    }

    // What came before the fault is passed if it has not been; of the head with the fault a part may have been.
    private PassSpan Stop(int done) => _passed > done ? new PassSpan(_passed, 0, _passed) : Step(done, done);

    // `done` bytes are understood and may leave the buffer; of all up to `passable`, what has not been passed goes now.
    private PassSpan Step(int done, int passable)
    {
        PassSpan step = new(_passed, passable - _passed, done);
        _passed = passable - done;
        return step;
    }
}

/// <summary>What the bytes of an upstream came to.</summary>
internal enum ResponseResult
{
    /// <summary>More must come.</summary>
    Partial,

    /// <summary>The response has ended with these bytes.</summary>
    Complete,

    /// <summary>It has ended, and more bytes follow that nobody asked for.</summary>
    Surplus,

    /// <summary>This is not a response that can be followed.</summary>
    Fault,

    /// <summary>A 101, which is never spliced.</summary>
    Upgrade,
}

/// <summary>What to do with the bytes in an upstream's buffer.</summary>
/// <param name="PassStart">Where the bytes to pass on begin.</param>
/// <param name="PassLength">How many there are.</param>
/// <param name="Done">How many, from the first, may leave the buffer after that.</param>
internal readonly record struct PassSpan(int PassStart, int PassLength, int Done);
