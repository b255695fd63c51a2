using FastGate.Proxy.AccessLog;

namespace FastGate.Proxy.Metrics;

/// <summary>
/// What one loop counts: plain numbers that only its thread writes, when an exchange is over. Nothing is allocated,
/// nobody is waited for. Any thread may read; what is read is never more of a part than of its whole.
/// </summary>
internal sealed class Tally
{
    private static readonly int Reasons = Enum.GetValues<CloseReason>().Length;

    private readonly int _loop;
    private readonly ListenerTally[] _listeners;
    private readonly long[] _closes = new long[Reasons];

    /// <param name="loop">The loop's number.</param>
    /// <param name="listeners">How many there are.</param>
    /// <param name="verdicts">How many there can be.</param>
    public Tally(int loop, int listeners, int verdicts)
    {
        _loop = loop;
        _listeners = [.. Enumerable.Range(0, listeners).Select(_ => new ListenerTally(verdicts))];
    }

    public IReadOnlyList<ListenerTally> Listeners => _listeners;

    /// <summary>How long the gate itself held the bytes of an exchange.</summary>
    public Histogram Gate { get; } = new();

    /// <summary>From the first byte of a request to the first byte of its response.</summary>
    public Histogram FirstByte { get; } = new();

    /// <summary>An exchange is over.</summary>
    public void Add(in ExchangeMetrics exchange)
    {
        _listeners[exchange.Listener].Add(in exchange);
        exchange.Rule?.Add(_loop);
        if (exchange.GateNanoseconds >= 0)
            Gate.Record(exchange.GateNanoseconds);
        if (exchange.FirstByteNanoseconds >= 0)
            FirstByte.Record(exchange.FirstByteNanoseconds);
        if (exchange.Close != CloseReason.None)
            AddClose(exchange.Close);
    }

    /// <summary>A connection ends.</summary>
    public void AddClose(CloseReason reason) => Cell.Add(ref _closes[(int)reason], 1);

    public long ClosesFor(CloseReason reason) => Cell.Read(ref _closes[(int)reason]);
}
