namespace FastGate.Proxy.Metrics;

/// <summary>What the histograms of all loops come to at one moment. Its count is the sum of its buckets,
/// always.</summary>
internal sealed class HistogramReading
{
    private const double Second = 1e9;

    // Prometheus is told each doubling, from 1 µs to 18 minutes; what is beyond is in +Inf.
    private const int FirstBits = 10;
    private const int LastBits = 40;

    private readonly long[] _buckets = new long[TimeScale.BucketCount];
    private long _count;
    private long _sum;
    private long _longest;

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
            Buckets = [.. Cumulated()],
        };

    /// <summary>The end of the bucket that holds the nearest rank, but never more than the longest time.</summary>
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

    private IEnumerable<BucketCount> Cumulated()
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
