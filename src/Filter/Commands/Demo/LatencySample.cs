namespace FastGate.Commands.Demo;

/// <summary>Measured times, in nanoseconds, of which quantiles are asked. Adding allocates nothing.</summary>
/// <param name="capacity">The most that are added.</param>
internal sealed class LatencySample(int capacity)
{
    private readonly long[] nanoseconds = new long[capacity];
    private bool sorted;

    public int Count { get; private set; }

    public long Median => At(0.5);

    public long P99 => At(0.99);

    public void Add(long time)
    {
        nanoseconds[Count++] = time;
        sorted = false;
    }

    // The nearest rank: a time that was really measured.
    private long At(double quantile)
    {
        Span<long> times = nanoseconds.AsSpan(0, Count);
        if (!sorted) times.Sort();
        sorted = true;
        return Count == 0 ? 0 : times[Math.Max(0, (int)Math.Ceiling(quantile * Count) - 1)];
    }
}
