namespace FastGate.Proxy.Metrics;

/// <summary>Counts durations in the buckets of <see cref="TimeScale"/>. One thread records, any thread may read;
/// recording allocates nothing.</summary>
internal sealed class Histogram
{
    private readonly long[] _buckets = new long[TimeScale.BucketCount];
    private long _sum;
    private long _longest;

    /// <param name="nanoseconds">A measured duration.</param>
    public void Record(long nanoseconds)
    {
        // Before the bucket, so that a sum read after the buckets includes everything they count.
        Cell.Add(ref _sum, nanoseconds);
        if (nanoseconds > _longest)
            Volatile.Write(ref _longest, nanoseconds);
        Cell.Add(ref _buckets[TimeScale.BucketOf(nanoseconds)], 1);
    }

    /// <summary>Adds everything recorded to a reading.</summary>
    public void AddTo(HistogramReading reading)
    {
        for (int i = 0; i < _buckets.Length; i++)
            reading.Add(i, Cell.Read(ref _buckets[i]));
        reading.Add(Cell.Read(ref _sum), Cell.Read(ref _longest));
    }
}

/// <summary>The sum of the histograms of all loops at one moment. Its count always equals the sum of its
/// buckets.</summary>
internal sealed class HistogramReading
{
    private const double Second = 1e9;

    // Prometheus gets buckets that double from 1 µs to 18 minutes; longer durations are in +Inf.
    private const int FirstBits = 10;
    private const int LastBits = 40;

    private readonly long[] _buckets = new long[TimeScale.BucketCount];
    private long _count;
    private long _sum;
    private long _longest;

    /// <summary>Nothing was recorded.</summary>
    public bool IsEmpty => _count == 0;

    public void Add(int bucket, long number)
    {
        _buckets[bucket] += number;
        _count += number;
    }

    public void Add(long nanoseconds, long longestOfThem)
    {
        _sum += nanoseconds;
        _longest = long.Max(_longest, longestOfThem);
    }

    public HistogramSnapshot ToSnapshot() =>
        new()
        {
            Count = _count,
            SumSeconds = _sum / Second,
            P50Seconds = Quantile(0.5),
            P90Seconds = Quantile(0.9),
            P99Seconds = Quantile(0.99),
            MaxSeconds = _count == 0 ? 0 : _longest / Second,
            Buckets = [.. Cumulative()],
        };

    public void Clear()
    {
        Array.Clear(_buckets);
        _count = _sum = _longest = 0;
    }

    /// <summary>The quantile of what was recorded since an earlier reading, in seconds; NaN if nothing was.</summary>
    public double QuantileSince(HistogramReading earlier, double share)
    {
        long rank = (long)Math.Ceiling(share * (_count - earlier._count));
        long seen = 0;
        for (int i = 0; i < _buckets.Length && rank > 0; i++)
        {
            seen += _buckets[i] - earlier._buckets[i];
            if (seen >= rank)
                return TimeScale.EndOf(i) / Second;
        }
        return double.NaN;
    }

    /// <summary>The end of the bucket with the nearest rank, or the longest duration if that is less.</summary>
    private double Quantile(double share)
    {
        long rank = (long)Math.Ceiling(share * _count);
        long seen = 0;
        for (int i = 0; i < _buckets.Length && _count > 0; i++)
        {
            seen += _buckets[i];
            if (seen >= rank)
                return long.Min(TimeScale.EndOf(i), _longest) / Second;
        }
        return 0;
    }

    private IEnumerable<BucketCount> Cumulative()
    {
        long seen = 0;
        int next = 0;
        for (int bits = FirstBits; bits <= LastBits; bits++)
        {
            long end = 1L << bits;
            while (TimeScale.EndOf(next) <= end)
                seen += _buckets[next++];
            yield return new BucketCount(end / Second, seen);
        }
    }
}

/// <summary>A histogram of durations at one moment: exact count, sum and maximum; quantiles at most an eighth too
/// large.</summary>
internal sealed record HistogramSnapshot
{
    public required long Count { get; init; }

    public required double SumSeconds { get; init; }

    public required double P50Seconds { get; init; }

    public required double P90Seconds { get; init; }

    public required double P99Seconds { get; init; }

    public required double MaxSeconds { get; init; }

    /// <summary>Cumulative, without the last bucket (+Inf), which equals the count.</summary>
    public required IReadOnlyList<BucketCount> Buckets { get; init; }
}

/// <summary>The number of durations of at most this many seconds.</summary>
internal sealed record BucketCount(double Seconds, long Count);
