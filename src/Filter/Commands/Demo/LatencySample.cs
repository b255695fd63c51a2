namespace FastGate.Commands.Demo;

/// <summary>Measured times, in nanoseconds, of which quantiles are asked. Adding allocates nothing.</summary>
/// <param name="capacity">The most that are added.</param>
internal sealed class LatencySample(int capacity)
{
    private readonly long[] _nanoseconds = new long[capacity];
    private bool _sorted;

    public int Count { get; private set; }

    public long Median => At(0.5);

    public long P99 => At(0.99);

    public void Add(long time)
    {
        _nanoseconds[Count++] = time;
        _sorted = false;
    }

    // The nearest rank: a time that was really measured.
    private long At(double quantile)
    {
        Span<long> times = _nanoseconds.AsSpan(0, Count);
        if (!_sorted)
            times.Sort();
        _sorted = true;
        return Count == 0 ? 0 : times[Math.Max(0, (int)Math.Ceiling(quantile * Count) - 1)];
    }
}
