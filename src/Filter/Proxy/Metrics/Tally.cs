using FastGate.Proxy.AccessLog;

namespace FastGate.Proxy.Metrics;

/// <summary>
/// The counts of one loop, which only the loop's thread writes, when an exchange ends. Counting neither allocates nor
/// locks. Any thread may read; a part never exceeds its total.
/// </summary>
internal sealed class Tally
{
    private static readonly int Reasons = Enum.GetValues<CloseReason>().Length;

    private readonly int _loop;
    private readonly ListenerTally[] _listeners;
    private readonly long[] _closes = new long[Reasons];
    private long _probes;

    /// <param name="loop">The loop's number.</param>
    /// <param name="listeners">The number of listeners.</param>
    /// <param name="verdicts">The number of verdicts.</param>
    public Tally(int loop, int listeners, int verdicts)
    {
        _loop = loop;
        _listeners = [.. Enumerable.Range(0, listeners).Select(_ => new ListenerTally(verdicts))];
    }

    public IReadOnlyList<ListenerTally> Listeners => _listeners;

    /// <summary>Time that the gate itself held the bytes of an exchange.</summary>
    public Histogram Gate { get; } = new();

    /// <summary>Time from the first byte of a request to the first byte of the upstream's response.</summary>
    public Histogram FirstByte { get; } = new();

    /// <summary>Counts a completed exchange.</summary>
    public void Add(in ExchangeMetrics exchange)
    {
        _listeners[exchange.Listener].Add(in exchange);
        exchange.Rule?.Add(_loop, exchange.FirstByteNanoseconds);
        if (exchange.GateNanoseconds >= 0)
            Gate.Record(exchange.GateNanoseconds);
        if (exchange.FirstByteNanoseconds >= 0)
            FirstByte.Record(exchange.FirstByteNanoseconds);
        if (exchange.Close != CloseReason.None)
            AddClose(exchange.Close);
    }

    /// <summary>Requests of doctor and install, which are counted nowhere else.</summary>
    public long Probes => Cell.Read(ref _probes);

    /// <summary>Counts a request of doctor or install.</summary>
    public void AddProbe(CloseReason close)
    {
        Cell.Add(ref _probes, 1);
        if (close != CloseReason.None)
            AddClose(close);
    }

    /// <summary>Counts a connection that has ended.</summary>
    public void AddClose(CloseReason reason) => Cell.Add(ref _closes[(int)reason], 1);

    public long ClosesFor(CloseReason reason) => Cell.Read(ref _closes[(int)reason]);
}

/// <summary>The counts of one loop for one listener. The loop's thread writes; any thread may read.</summary>
internal sealed class ListenerTally(int verdicts)
{
    /// <summary>The number of status classes: none, 1xx to 5xx, and any other.</summary>
    public const int Classes = 7;

    private readonly long[] _byVerdict = new long[verdicts];
    private readonly long[] _byClass = new long[Classes];
    private long _bytesReceived;
    private long _bytesSent;

    public long BytesReceived => Cell.Read(ref _bytesReceived);

    public long BytesSent => Cell.Read(ref _bytesSent);

    public void Add(in ExchangeMetrics exchange)
    {
        // The verdicts first: every exchange has one, so they are the total of which all other counts are parts.
        Cell.Add(ref _byVerdict[exchange.Verdict], 1);
        Cell.Add(ref _byClass[int.Clamp(exchange.Status / 100, 0, Classes - 1)], 1);
        Cell.Add(ref _bytesReceived, exchange.BytesReceived);
        Cell.Add(ref _bytesSent, exchange.BytesSent);
    }

    public long OfVerdict(int verdict) => Cell.Read(ref _byVerdict[verdict]);

    public long OfClass(int statusClass) => Cell.Read(ref _byClass[statusClass]);
}

/// <summary>The data to count of one completed exchange. Lives only on the stack.</summary>
internal readonly ref struct ExchangeMetrics
{
    /// <summary>The listener's number.</summary>
    public required int Listener { get; init; }

    /// <summary>The verdict's number.</summary>
    public required int Verdict { get; init; }

    /// <summary>The tally of the rule that allowed the request, if any.</summary>
    public RuleTally? Rule { get; init; }

    /// <summary>The response's status code; 0 if none was sent.</summary>
    public int Status { get; init; }

    public long BytesReceived { get; init; }

    public long BytesSent { get; init; }

    /// <summary>-1 if the head was never complete.</summary>
    public long GateNanoseconds { get; init; }

    /// <summary>-1 if nothing of the upstream's response was passed.</summary>
    public long FirstByteNanoseconds { get; init; }

    /// <summary>Why the connection ended with the exchange; <see cref="CloseReason.None"/> if it did not.</summary>
    public CloseReason Close { get; init; }
}
