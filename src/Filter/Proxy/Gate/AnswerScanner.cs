using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Follows the responses to one request, interim ones included, through what the upstream sends: how much of it may be
/// passed on, and when the last response has ended.
/// </summary>
/// <remarks>
/// Only the status line is held until it is whole, since a 101 must never be passed. Of a head that is still growing the
/// rest is passed as it comes, and stays in the buffer so that the scan goes on in one piece. From a fault on nothing more
/// is passed: what two readers could see differently never reaches the client whole (RFC 9112 §6.3, item 5).
/// </remarks>
internal struct AnswerScanner
{
    private const int SwitchingProtocols = 101;

    private ResponseHead head;
    private ContentScanner content;
    private bool inContent;
    private int passed;
    private bool headRequest;

    /// <summary>Of the last response; 0 before its status line.</summary>
    public int Status { get; private set; }

    /// <summary>The connection ends after this response: the upstream says so, or its end is the end of the content.</summary>
    public bool Close { get; private set; }

    /// <summary>The end of the connection is the end of the content (RFC 9112 §6.3, item 8).</summary>
    public readonly bool IsUntilClose => inContent && content.UntilClose;

    /// <summary>Some of a response that has not ended was passed, so nothing else may be said to the client.</summary>
    public readonly bool IsUnderway => inContent || passed > 0;

    /// <summary>What is wrong with the response.</summary>
    public readonly FaultText Fault =>
        head.Fault != ResponseFault.None ? ResponseFaults.Of(head.Fault) : ChunkFaults.Of(content.Fault);

    public void Begin(bool isHead)
    {
        this = default;
        headRequest = isHead;
    }

    /// <summary>Looks at what is in the buffer.</summary>
    /// <param name="bytes">All of it; the first bytes may have been passed on already.</param>
    /// <param name="step">What to do with it.</param>
    public AnswerResult Scan(ReadOnlySpan<byte> bytes, out AnswerStep step)
    {
        int done = 0;
        while (!inContent)
        {
            ReadOnlySpan<byte> rest = bytes[done..];
            ScanResult found = ResponseHeadScanner.Scan(rest, ref head);
            if (head.StatusLineDone) Status = head.Status;
            if (head.StatusLineDone && head.Status == SwitchingProtocols)
            {
                step = Stop(done);
                return AnswerResult.Upgrade;
            }
            if (found == ScanResult.Invalid)
            {
                step = Stop(done);
                return AnswerResult.Fault;
            }
            if (found == ScanResult.Partial)
            {
                step = Step(done, head.StatusLineDone ? bytes.Length : done);
                return AnswerResult.Partial;
            }
            done += head.HeadLength;
            EndHead();
        }
        return ScanContent(bytes, done, out step);
    }

    private void EndHead()
    {
        if (head.Status < 200)
        {
            // An interim response: the final one follows.
            head = default;
            return;
        }
        inContent = true;
        content = ContentScanner.For(in head, headRequest);
        Close = head.Close || content.UntilClose;
    }

    private AnswerResult ScanContent(ReadOnlySpan<byte> bytes, int done, out AnswerStep step)
    {
        ScanResult found = content.Take(bytes[done..], out int taken);
        done += taken;
        step = Step(done, done);
        if (found == ScanResult.Invalid) return AnswerResult.Fault;
        if (found == ScanResult.Partial) return AnswerResult.Partial;
        return done < bytes.Length ? AnswerResult.Surplus : AnswerResult.Complete;
    }

    // What came before the fault is passed if it has not been; of the head with the fault a part may have been.
    private AnswerStep Stop(int done) => passed > done ? new AnswerStep(passed, 0, passed) : Step(done, done);

    // `done` bytes are understood and may leave the buffer; of all up to `passable`, what has not been passed goes now.
    private AnswerStep Step(int done, int passable)
    {
        AnswerStep step = new(passed, passable - passed, done);
        passed = passable - done;
        return step;
    }
}
