namespace FastGate.Proxy.Metrics;

/// <summary>What the histograms of all loops come to at one moment. Its count is the sum of its buckets, always.</summary>
internal sealed class HistogramReading
{
    private const double Second = 1e9;

    // Prometheus is told each doubling, from 1 µs to 18 minutes; what is beyond is in +Inf.
    private const int FirstBits = 10;
    private const int LastBits = 40;

    private readonly long[] buckets = new long[TimeScale.BucketCount];
    private long count;
    private long sum;
    private long longest;

    public void Add(int bucket, long number)
    {
        buckets[bucket] += number;
        count += number;
    }

    public void Add(long nanoseconds, long longestOfThem)
    {
        sum += nanoseconds;
        longest = long.Max(longest, longestOfThem);
    }

    public HistogramSnapshot ToSnapshot() => new()
    {
        Count = count,
        SumSeconds = sum / Second,
        P50Seconds = Quantile(0.5),
        P90Seconds = Quantile(0.9),
        P99Seconds = Quantile(0.99),
        MaxSeconds = count == 0 ? 0 : longest / Second,
        Buckets = [.. Cumulated()],
    };

    /// <summary>The end of the bucket that holds the nearest rank, but never more than the longest time.</summary>
    private double Quantile(double share)
    {
        long rank = (long)Math.Ceiling(share * count);
        long seen = 0;
        for (int i = 0; i < buckets.Length && count > 0; i++)
        {
            seen += buckets[i];
            if (seen >= rank) return long.Min(TimeScale.EndOf(i), longest) / Second;
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
            while (TimeScale.EndOf(next) <= end) seen += buckets[next++];
            yield return new BucketCount(end / Second, seen);
        }
    }
}
