namespace FastGate.Commands.Shared;

/// <summary>Measured times in nanoseconds, and their quantiles. Adding a time allocates nothing.</summary>
/// <param name="capacity">The most times that can be added.</param>
internal sealed class LatencySample(int capacity)
{
    private readonly long[] _nanoseconds = new long[capacity];
    private long[]? _sorted;

    public int Count { get; private set; }

    public long Median => Quantile(0.5);

    public long P99 => Quantile(0.99);

    public void Add(long nanoseconds)
    {
        _nanoseconds[Count++] = nanoseconds;
        _sorted = null;
    }

    /// <summary>The median of some of the times, in the order in which they were added.</summary>
    public long MedianOf(Range range)
    {
        LatencySample part = new(Count);
        foreach (long nanoseconds in _nanoseconds.AsSpan(0, Count)[range])
            part.Add(nanoseconds);
        return part.Median;
    }

    private long Quantile(double quantile)
    {
        if (_sorted is null)
        {
            _sorted = _nanoseconds[..Count];
            Array.Sort(_sorted);
        }
        return Count == 0 ? 0 : Quantiles.NearestRank<long>(_sorted, quantile);
    }
}

/// <summary>
/// What the gate adds to a small request. Measuring code sends each request directly and through the gate in turn, so
/// that other load on the machine affects both.
/// </summary>
/// <param name="requests">The number of requests each way.</param>
internal sealed class AddedLatency(int requests)
{
    // A busy machine has quiet moments; a slow gate is slow in all of them.
    private const int BatchSize = 50;

    /// <summary>The most that a gate may add at the median.</summary>
    public const double AddedMsMax = 1;

    // A small exchange over loopback takes a tenth of this; a machine that needs longer cannot show what a gate adds.
    private const double DirectMsMax = 1;

    public LatencySample Direct { get; } = new(requests);

    public LatencySample Through { get; } = new(requests);

    public int Count => Through.Count;

    /// <summary>What the gate adds at the median, in milliseconds.</summary>
    public double MedianMs => Milliseconds(Through.Median - Direct.Median);

    /// <summary>What the gate adds at the 99th percentile, in milliseconds.</summary>
    public double P99Ms => Milliseconds(Through.P99 - Direct.P99);

    /// <summary>The least that the gate adds at the median of a batch, in milliseconds.</summary>
    public double QuietMedianMs =>
        Enumerable
            .Range(0, Math.Max(1, Count / BatchSize))
            .Select(batch => (batch * BatchSize)..Math.Min(Count, (batch + 1) * BatchSize))
            .Min(range => Milliseconds(Through.MedianOf(range) - Direct.MedianOf(range)));

    public LatencyVerdict Verdict =>
        MedianMs < AddedMsMax ? LatencyVerdict.Fast
        : QuietMedianMs < AddedMsMax ? LatencyVerdict.FastWhenQuiet
        : Milliseconds(Direct.Median) > DirectMsMax ? LatencyVerdict.TooBusy
        : LatencyVerdict.Slow;

    public static double Milliseconds(long nanoseconds) => nanoseconds / 1e6;

    public void Add(TimeSpan direct, TimeSpan through)
    {
        Direct.Add(direct.Ticks * TimeSpan.NanosecondsPerTick);
        Through.Add(through.Ticks * TimeSpan.NanosecondsPerTick);
    }
}

/// <summary>What a measurement of the added latency shows.</summary>
internal enum LatencyVerdict
{
    /// <summary>The gate adds less than its limit.</summary>
    Fast,

    /// <summary>The gate adds less than its limit while the machine is less busy.</summary>
    FastWhenQuiet,

    /// <summary>The machine is too busy to show what the gate adds.</summary>
    TooBusy,

    /// <summary>The gate adds more than its limit.</summary>
    Slow,
}
