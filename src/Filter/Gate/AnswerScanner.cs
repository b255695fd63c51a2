using FastGate.Wire;

namespace FastGate.Gate;

/// <summary>
/// Follows the responses to one request, interim ones included, through what the upstream sends: how much of it may be
/// passed on, and when the last response has ended.
/// </summary>
/// <remarks>
/// Only the status line is held until it is whole, since a 101 must never be passed. Of a head that is still growing the
/// rest is passed as it comes, and stays in the buffer so that the scan goes on in one piece.
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
                step = Step(done, done);
                return AnswerResult.Upgrade;
            }
            if (found == ScanResult.Invalid)
            {
                // The client gets what came; a head that is no head ends the connection.
                step = Step(bytes.Length, bytes.Length);
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
        if (found == ScanResult.Invalid)
        {
            step = Step(bytes.Length, bytes.Length);
            return AnswerResult.Fault;
        }
        step = Step(done, done);
        if (found == ScanResult.Partial) return AnswerResult.Partial;
        return done < bytes.Length ? AnswerResult.Surplus : AnswerResult.Complete;
    }

    // `done` bytes are understood and may leave the buffer; of all up to `passable`, what has not been passed goes now.
    private AnswerStep Step(int done, int passable)
    {
        AnswerStep step = new(passed, passable - passed, done);
        passed = passable - done;
        return step;
    }
}
