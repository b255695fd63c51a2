using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Rules;
using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

/// <summary>
/// One request and its response, from the first byte of the head to the log entry. Borrowed from its
/// <see cref="Worker"/> only meanwhile, so that an idle connection is small. Belongs to the loop's thread.
/// </summary>
internal sealed class Exchange
{
    /// <summary>Bytes of method and path that are kept for the log; a longer path is truncated.</summary>
    private const int NameBytesMax = 512;

    // A dead connection answers the first byte with a reset: on loopback in microseconds, elsewhere in a round trip.
    private static readonly TimeSpan RetryAgeMax = TimeSpan.FromSeconds(1);

    private readonly byte[] _name = new byte[NameBytesMax + HostGrammar.NameBytesMax];
    private int _methodLength;
    private int _nameLength;
    private int _hostLength;
    private long _chargedUntil;

    // Structs that scanners advance in place.
    public RequestHead Head;
    public ContentScanner Content;
    public ResponseScanner Response;

    /// <summary>The clock's timestamp of the first byte of the head.</summary>
    public long Began { get; private set; }

    public DateTimeOffset BeganAt { get; private set; }

    /// <summary>The time that bytes spent in the gate, in units of the clock's timestamps. No moment counts twice: see
    /// <see cref="Charge"/>.</summary>
    public long Held { get; private set; }

    /// <summary>The timestamp of the first byte of the response; 0 before it.</summary>
    public long FirstByte { get; set; }

    /// <summary>Where the current measurement of the content's rate began.</summary>
    public ContentMark Mark { get; set; }

    /// <summary>Bytes of content that came with the head.</summary>
    public int ContentAtHand { get; set; }

    /// <summary>The whole request arrived in one piece, so it is still in the buffer and can be sent again.</summary>
    public bool IsWhole { get; set; }

    /// <summary>All of the request has gone up.</summary>
    public bool IsSent { get; set; }

    public long BytesUp { get; set; }

    public long BytesDown { get; set; }

    public int Status { get; set; }

    public GatePolicy? Policy { get; private set; }

    public Verdict Verdict { get; private set; }

    public ResponseState State { get; set; }

    /// <summary>Part of a response has been passed, so the gate can no longer send a reply of its own.</summary>
    public bool HasPassed => Response.IsUnderway;

    /// <summary>The response, or the part of it that was sent, is the upstream's and not the gate's own.</summary>
    public bool IsFromUpstream => Verdict.Kind == VerdictKind.Allowed && (State == ResponseState.Complete || HasPassed);

    /// <summary>Whether this is the second and last attempt to send the request.</summary>
    public bool IsRetry { get; private set; }

    /// <summary>Why the connection ends with this exchange; the first cause is kept.</summary>
    public CloseReason CloseReason { get; private set; }

    public bool IsOver => State is ResponseState.Complete or ResponseState.Failed;

    /// <summary>
    /// The connection cannot stay open after a refusal. Content that is still to come ends it; content at hand is
    /// skipped, and the next head follows. An HTTP/1.0 client treats a response without keep-alive as the last, and
    /// waits for the end.
    /// </summary>
    public bool EndsWithRefusal =>
        CloseReason != CloseReason.None || Head.EndsConnection || Head.MinorVersion == 0 || !Content.Done;

    public ReadOnlySpan<byte> Method => _name.AsSpan(0, _methodLength);

    public ReadOnlySpan<byte> Path => _name.AsSpan(_methodLength, _nameLength - _methodLength);

    /// <summary>The host name that was refused, for the log; empty if none was.</summary>
    public ReadOnlySpan<byte> Host => _name.AsSpan(_nameLength, _hostLength);

    /// <summary>The rule that allowed it; null if none did.</summary>
    public Rule? MatchedRule =>
        Policy is not null && Verdict.RuleIndex >= 0 ? Policy.Rules.Items[Verdict.RuleIndex] : null;

    /// <summary>Counts the rule that allowed it; null if none did.</summary>
    public RuleTally? RuleTally =>
        Policy is not null && Verdict.RuleIndex >= 0 && Verdict.RuleIndex < Policy.Tallies.Count
            ? Policy.Tallies[Verdict.RuleIndex]
            : null;

    public void Begin(long now, DateTimeOffset at)
    {
        Began = _chargedUntil = now;
        BeganAt = at;
    }

    /// <summary>
    /// Counts the time since <paramref name="turn"/>, when the loop received the bytes, as time spent in the gate,
    /// except what is already counted: several reads can belong to one turn of the loop.
    /// </summary>
    public void Charge(long turn, long now)
    {
        Held += now - Math.Max(turn, _chargedUntil);
        _chargedUntil = now;
    }

    /// <summary>Copies method and path, which the buffer will not keep.</summary>
    public void Name(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> method = Cut(Head.Method(head), NameBytesMax / 4);
        ReadOnlySpan<byte> path = Cut(Head.Path(head), NameBytesMax - method.Length);
        method.CopyTo(_name);
        path.CopyTo(_name.AsSpan(method.Length));
        _methodLength = method.Length;
        _nameLength = method.Length + path.Length;
    }

    /// <summary>Keeps the host name that was refused.</summary>
    public void KeepHost(ReadOnlySpan<byte> host)
    {
        ReadOnlySpan<byte> kept = Cut(host, HostGrammar.NameBytesMax);
        kept.CopyTo(_name.AsSpan(_nameLength));
        _hostLength = kept.Length;
    }

    public void Record(GatePolicy policy, Verdict verdict)
    {
        Policy = policy;
        Verdict = verdict;
    }

    /// <summary>Records why an allowed request cannot be forwarded; its rule stays.</summary>
    public void Record(VerdictKind kind) => Verdict = Verdict with { Kind = kind };

    public void CloseFor(CloseReason reason)
    {
        if (CloseReason == CloseReason.None)
            CloseReason = reason;
    }

    /// <summary>
    /// Prepares another attempt if the upstream connection died before its first byte, the request is still in the
    /// buffer, and the request is so young that the connection must have died before it. A later death may have been
    /// caused by the request itself (RFC 9110 §9.2.2).
    /// </summary>
    public bool TryRetry(long now, TimeProvider time)
    {
        bool died = State == ResponseState.Failed && FirstByte == 0 && CloseReason == CloseReason.UpstreamResponse;
        if (!died || !IsWhole || time.GetElapsedTime(Began, now) > RetryAgeMax)
            return false;
        IsRetry = true;
        IsSent = false;
        State = ResponseState.Awaited;
        CloseReason = CloseReason.None;
        return true;
    }

    /// <summary>Restores the initial state.</summary>
    public void Clear()
    {
        Head = default;
        Content = default;
        Response = default;
        _methodLength = _nameLength = _hostLength = 0;
        ContentAtHand = 0;
        Began = Held = FirstByte = BytesUp = BytesDown = _chargedUntil = 0;
        Mark = default;
        IsWhole = IsSent = IsRetry = false;
        BeganAt = default;
        Status = 0;
        Policy = null;
        Verdict = default;
        State = ResponseState.Awaited;
        CloseReason = CloseReason.None;
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> bytes, int max) => bytes[..int.Min(bytes.Length, max)];
}

/// <summary>A point from which the rate of a request's content is measured.</summary>
/// <param name="At">A timestamp of the clock; 0 when nothing is measured.</param>
/// <param name="Bytes">Bytes of the request that had arrived by then.</param>
internal readonly record struct ContentMark(long At, long Bytes);
