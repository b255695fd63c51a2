namespace FastGate.Proxy.Metrics;

/// <summary>Counts times by <see cref="TimeScale"/>. One thread records, any may read; recording allocates nothing.</summary>
internal sealed class Histogram
{
    private readonly long[] buckets = new long[TimeScale.BucketCount];
    private long sum;
    private long longest;

    /// <param name="nanoseconds">A time that was measured.</param>
    public void Record(long nanoseconds)
    {
        // Before the bucket, which makes it count: a sum that is read later has all that was counted.
        Cell.Add(ref sum, nanoseconds);
        if (nanoseconds > longest) Volatile.Write(ref longest, nanoseconds);
        Cell.Add(ref buckets[TimeScale.BucketOf(nanoseconds)], 1);
    }

    /// <summary>Adds all that was recorded to a reading.</summary>
    public void AddTo(HistogramReading reading)
    {
        for (int i = 0; i < buckets.Length; i++) reading.Add(i, Cell.Read(ref buckets[i]));
        reading.Add(Cell.Read(ref sum), Cell.Read(ref longest));
    }
}
