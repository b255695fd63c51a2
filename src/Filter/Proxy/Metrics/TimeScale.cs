using System.Numerics;

namespace FastGate.Proxy.Metrics;

/// <summary>
/// The buckets of every histogram of times: eight to a doubling, so that what is read from one is at most an eighth too
/// large, from a nanosecond to a day. Bucket ends belong to the bucket, as Prometheus wants it (<c>le</c>).
/// </summary>
internal static class TimeScale
{
    /// <summary>2^46 ns are 19 hours; what takes longer is in the last bucket.</summary>
    public const int BucketCount = (((MaxBits - StepBits) + 1) << StepBits);

    private const int StepBits = 3;
    private const int MaxBits = 46;

    /// <summary>The bucket of a time; whatever is negative (a clock that was set) counts as nothing.</summary>
    public static int BucketOf(long nanoseconds)
    {
        // One less, so that a whole power of two ends a bucket and does not begin one.
        long number = long.Clamp(nanoseconds, 1, 1L << MaxBits) - 1;
        int shift = int.Max(BitOperations.Log2((ulong)number | 1) - StepBits, 0);
        return (shift << StepBits) + (int)(number >> shift);
    }

    /// <summary>The longest time, in nanoseconds, that is in a bucket.</summary>
    public static long EndOf(int bucket)
    {
        int shift = int.Max((bucket >> StepBits) - 1, 0);
        long first = bucket - ((long)shift << StepBits);
        return (first + 1) << shift;
    }
}
