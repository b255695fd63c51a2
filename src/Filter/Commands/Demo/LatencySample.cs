using FastGate.Commands.Shared;

namespace FastGate.Commands.Demo;

/// <summary>Measured times in nanoseconds, and their quantiles. Adding allocates nothing.</summary>
/// <param name="capacity">Maximum number of times.</param>
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

    private long At(double quantile)
    {
        Span<long> times = _nanoseconds.AsSpan(0, Count);
        if (!_sorted)
            times.Sort();
        _sorted = true;
        return Count == 0 ? 0 : Quantiles.NearestRank<long>(times, quantile);
    }
}
