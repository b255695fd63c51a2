using System.Numerics;

namespace FastGate.Proxy.Metrics;

/// <summary>
/// The buckets of every histogram of durations, from 1 ns to 19 hours: eight per doubling, so that a quantile is at
/// most an eighth too large. The end of a bucket belongs to it, as Prometheus requires (<c>le</c>).
/// </summary>
internal static class TimeScale
{
    /// <summary>The last bucket ends at 2^46 ns (19 hours), and also counts longer durations.</summary>
    public const int BucketCount = (((MaxBits - StepBits) + 1) << StepBits);

    private const int StepBits = 3;
    private const int MaxBits = 46;

    /// <summary>Returns the bucket of a duration; a negative one (the clock was set back) counts as 0.</summary>
    public static int BucketOf(long nanoseconds)
    {
        // Minus one, so that a power of two ends a bucket instead of beginning one.
        long number = long.Clamp(nanoseconds, 1, 1L << MaxBits) - 1;
        int shift = int.Max(BitOperations.Log2((ulong)number | 1) - StepBits, 0);
        return (shift << StepBits) + (int)(number >> shift);
    }

    /// <summary>Returns the longest duration of a bucket, in nanoseconds.</summary>
    public static long EndOf(int bucket)
    {
        int shift = int.Max((bucket >> StepBits) - 1, 0);
        long first = bucket - ((long)shift << StepBits);
        return (first + 1) << shift;
    }
}
