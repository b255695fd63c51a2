namespace FastGate.Proxy.Metrics;

/// <summary>Counts times by <see cref="TimeScale"/>. One thread records, any may read; recording allocates
/// nothing.</summary>
internal sealed class Histogram
{
    private readonly long[] _buckets = new long[TimeScale.BucketCount];
    private long _sum;
    private long _longest;

    /// <param name="nanoseconds">A time that was measured.</param>
    public void Record(long nanoseconds)
    {
        // Before the bucket, which makes it count: a sum that is read later has all that was counted.
        Cell.Add(ref _sum, nanoseconds);
        if (nanoseconds > _longest)
            Volatile.Write(ref _longest, nanoseconds);
        Cell.Add(ref _buckets[TimeScale.BucketOf(nanoseconds)], 1);
    }

    /// <summary>Adds all that was recorded to a reading.</summary>
    public void AddTo(HistogramReading reading)
    {
        for (int i = 0; i < _buckets.Length; i++)
            reading.Add(i, Cell.Read(ref _buckets[i]));
        reading.Add(Cell.Read(ref _sum), Cell.Read(ref _longest));
    }
}
