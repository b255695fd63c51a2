using FastGate.Proxy.Metrics;

namespace FastGate.Test.Proxy.Metrics;

[TestClass]
public sealed class TimeScaleTests
{
    [TestMethod]
    public void Buckets_AreContiguous_AndIncludeTheirEnds()
    {
        long before = 0;
        for (int bucket = 0; bucket < TimeScale.BucketCount; bucket++)
        {
            long end = TimeScale.EndOf(bucket);
            Assert.IsGreaterThan(before, end);
            Assert.AreEqual(bucket, TimeScale.BucketOf(end), $"the end of bucket {bucket}");
            Assert.AreEqual(bucket, TimeScale.BucketOf(before + 1), $"the beginning of bucket {bucket}");
            before = end;
        }
        Assert.AreEqual(1L << 46, before);
    }

    [TestMethod]
    public void Bucket_IsAtMostAnEighthTooLarge()
    {
        Random random = new(1);
        for (int i = 0; i < 100_000; i++)
        {
            long time = random.NextInt64(1, 1L << random.Next(1, 46));
            long end = TimeScale.EndOf(TimeScale.BucketOf(time));
            Assert.IsTrue(end >= time && end - time <= time / 8, $"{time} is in the bucket that ends at {end}");
        }
    }

    [TestMethod]
    [DataRow(long.MinValue, 0)]
    [DataRow(-1L, 0)]
    [DataRow(0L, 0)]
    [DataRow(1L, 0)]
    [DataRow(long.MaxValue, TimeScale.BucketCount - 1)]
    public void DurationsOutOfRange_AreInTheOutermostBuckets(long time, int bucket) =>
        Assert.AreEqual(bucket, TimeScale.BucketOf(time));
}
