using FastGate.Commands.Shared;

namespace FastGate.Test.Commands.Shared;

[TestClass]
public sealed class QuantilesTests
{
    [TestMethod]
    [DataRow(1, 0.5, 1)]
    [DataRow(2, 0.5, 1)]
    [DataRow(3, 0.5, 2)]
    [DataRow(100, 0.99, 99)]
    [DataRow(100, 0.0, 1)]
    [DataRow(100, 1.0, 100)]
    public void NearestRank_IsAMeasuredValue(int count, double quantile, int expected) =>
        Assert.AreEqual(expected, Quantiles.NearestRank<int>([.. Enumerable.Range(1, count)], quantile));

    [TestMethod]
    public void Median_SortsTheValues() => Assert.AreEqual(2.0, Quantiles.Median([3, 1, 2, 4]));
}
