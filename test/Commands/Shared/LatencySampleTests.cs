using FastGate.Commands.Shared;

namespace FastGate.Test.Commands.Shared;

[TestClass]
public sealed class LatencySampleTests
{
    [TestMethod]
    [DataRow(1, 1, 1)]
    [DataRow(2, 1, 2)]
    [DataRow(100, 50, 99)]
    [DataRow(2_000, 1_000, 1_980)]
    public void Quantile_IsAMeasuredTime(int count, long median, long p99)
    {
        LatencySample sample = new(count);
        for (int i = count; i > 0; i--)
            sample.Add(i);

        Assert.AreEqual(median, sample.Median);
        Assert.AreEqual(p99, sample.P99);
    }
}
