namespace FastGate.Proxy.Metrics;

/// <summary>What one loop counts of the exchanges of one listener. The loop's thread writes, any may read.</summary>
internal sealed class ListenerTally(int verdicts)
{
    /// <summary>None, 1xx to 5xx, and whatever else an upstream may say.</summary>
    public const int Classes = 7;

    private readonly long[] _byVerdict = new long[verdicts];
    private readonly long[] _byClass = new long[Classes];
    private long _up;
    private long _down;

    public long BytesUp => Cell.Read(ref _up);

    public long BytesDown => Cell.Read(ref _down);

    public void Add(in ExchangeMetrics exchange)
    {
        // Each exchange has one verdict: that is the whole of which all else is a part.
        Cell.Add(ref _byVerdict[exchange.Verdict], 1);
        Cell.Add(ref _byClass[int.Clamp(exchange.Status / 100, 0, Classes - 1)], 1);
        Cell.Add(ref _up, exchange.BytesUp);
        Cell.Add(ref _down, exchange.BytesDown);
    }

    public long OfVerdict(int verdict) => Cell.Read(ref _byVerdict[verdict]);

    public long OfClass(int statusClass) => Cell.Read(ref _byClass[statusClass]);
}
