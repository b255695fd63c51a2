using FastGate.Commands.Status;

namespace FastGate.Test.Commands.Status;

/// <summary>Values as block characters.</summary>
[TestClass]
public sealed class SparklineTests
{
    [TestMethod]
    public void Rates_BeginAtZero() => Assert.AreEqual("▁▅█", Sparkline.OfRates([0, 5, 10], 10));

    [TestMethod]
    public void Times_AreLogarithmic() => Assert.AreEqual("▁▅█", Sparkline.OfTimes([0.01, 0.1, 1], 10));

    [TestMethod]
    public void UnknownValues_AreBlank() => Assert.AreEqual(" █ ", Sparkline.OfRates([null, 3, null], 10));

    [TestMethod]
    public void EqualValues_AreLow() => Assert.AreEqual("▁▁", Sparkline.OfTimes([0.2, 0.2], 10));

    [TestMethod]
    public void MoreValuesThanColumns_AreCombined()
    {
        Assert.AreEqual("▁█", Sparkline.OfRates([0, 0, null, 8, 8, 8], 2));
        Assert.AreEqual(
            " █▁",
            Sparkline.OfTimes([null, null, 0.1, 90, 0.1, 0.1], 3),
            "the median of two is the higher one"
        );
    }

    [TestMethod]
    public void Hour_FillsTheWidth() => Assert.HasCount(77, Sparkline.OfRates([.. new double?[360]], 77));
}
