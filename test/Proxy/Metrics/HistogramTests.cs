using FastGate.Proxy.Metrics;

namespace FastGate.Test.Proxy.Metrics;

[TestClass]
public sealed class HistogramTests
{
    [TestMethod]
    public void Quantiles_AreAtMostAnEighthTooLarge()
    {
        Random random = new(2);
        long[] times = [.. Enumerable.Range(0, 10_001).Select(_ => (long)Math.Exp(random.NextDouble() * 25))];
        HistogramSnapshot found = Of(times);
        Array.Sort(times);
        Assert.AreEqual(times.Length, found.Count);
        Assert.AreEqual(times.Sum() / 1e9, found.SumSeconds, 1e-9);
        Assert.AreEqual(times[^1] / 1e9, found.MaxSeconds);
        CheckQuantile(times, 0.5, found.P50Seconds);
        CheckQuantile(times, 0.9, found.P90Seconds);
        CheckQuantile(times, 0.99, found.P99Seconds);
        foreach (BucketCount bucket in found.Buckets)
            Assert.AreEqual(
                times.Count(time => time <= Math.Round(bucket.Seconds * 1e9)),
                bucket.Count,
                $"le {bucket.Seconds}"
            );
    }

    [TestMethod]
    public void SingleDuration_IsEveryQuantile()
    {
        HistogramSnapshot found = Of([12_345]);
        foreach (double quantile in (double[])[found.P50Seconds, found.P90Seconds, found.P99Seconds, found.MaxSeconds])
            Assert.AreEqual(12_345e-9, quantile, 1e-15);
    }

    [TestMethod]
    public void EmptyHistogram_IsZero()
    {
        HistogramSnapshot found = Of([]);
        Assert.AreEqual(
            0,
            found.Count
                + found.P99Seconds
                + found.MaxSeconds
                + found.SumSeconds
                + found.Buckets.Sum(bucket => bucket.Count)
        );
    }

    private static void CheckQuantile(long[] sorted, double share, double found)
    {
        double exact = sorted[(int)Math.Ceiling(share * sorted.Length) - 1] / 1e9;
        Assert.IsTrue(found >= exact && found <= exact * 1.126, $"{share}: {found} for {exact}");
    }

    private static HistogramSnapshot Of(long[] times)
    {
        // In two parts, like the histograms of two loops.
        Histogram[] parts = [new(), new()];
        for (int i = 0; i < times.Length; i++)
            parts[i % 2].Record(times[i]);
        HistogramReading reading = new();
        foreach (Histogram part in parts)
            part.AddTo(reading);
        return reading.ToSnapshot();
    }
}
