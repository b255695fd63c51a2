using FastGate.Commands.Shared;

namespace FastGate.Test.Commands.Shared;

[TestClass]
public sealed class TextFormatTests
{
    [TestMethod]
    [DataRow(0L, "0 B")]
    [DataRow(999L, "999 B")]
    [DataRow(1000L, "1.0 kB")]
    [DataRow(9_949L, "9.9 kB")]
    [DataRow(9_950L, "10 kB")]
    [DataRow(99_949L, "100 kB")]
    [DataRow(999_499L, "999 kB")]
    [DataRow(999_500L, "1.0 MB")]
    [DataRow(19_851_349_856L, "20 GB")]
    [DataRow(45_100_000_000L, "45 GB")]
    [DataRow(long.MaxValue, "9.2 EB")]
    [DataRow(-5L, "0 B")]
    public void Bytes_HaveTwoOrThreeDigits(long bytes, string expected) => Check(expected, TextFormat.Bytes(bytes));

    [TestMethod]
    [DataRow(null, "-")]
    [DataRow(-1.0, "-")]
    [DataRow(double.NaN, "-")]
    [DataRow(0.0, "0 µs")]
    [DataRow(12e-9, "12 ns")]
    [DataRow(999.6e-9, "1 µs")]
    [DataRow(31.4e-6, "31 µs")]
    [DataRow(41e-6, "41 µs")]
    [DataRow(999.4e-6, "999 µs")]
    [DataRow(999.6e-6, "1.0 ms")]
    [DataRow(0.12, "120 ms")]
    [DataRow(0.9994, "999 ms")]
    [DataRow(0.9996, "1.0 s")]
    [DataRow(59.949, "60 s")]
    [DataRow(59.950, "1m00s")]
    [DataRow(64.2, "1m04s")]
    [DataRow(185.0, "3m05s")]
    [DataRow(700.0, "11m40s")]
    [DataRow(7_800.0, "2h10m")]
    [DataRow(442_800.0, "5d03h")]
    [DataRow(1e300, "49710d06h")]
    public void Times_HaveAUnit(double? seconds, string expected) => Check(expected, TextFormat.Time(seconds), 9);

    [TestMethod]
    [DataRow(0.4, "0 s")]
    [DataRow(59.4, "59 s")]
    [DataRow(59.9, "1m00s")]
    [DataRow(60.0, "1m00s")]
    [DataRow(3600.0, "1h00m")]
    [DataRow(93_784.0, "1d02h")]
    [DataRow(86_400.0 * 400, "400d00h")]
    public void Durations_AreInTheirTwoLargestUnits(double seconds, string expected) =>
        Check(expected, TextFormat.Duration(TimeSpan.FromSeconds(seconds)), 7);

    [TestMethod]
    public void SizesAndTimes_FitTheirColumn()
    {
        for (double amount = 1e-9; amount < 8e6; amount *= 1.07)
        {
            Check(TextFormat.Time(amount), TextFormat.Time(amount));
            Check(TextFormat.Bytes((long)(amount * 1e12)), TextFormat.Bytes((long)(amount * 1e12)));
        }
    }

    [TestMethod]
    [DataRow(0L, 0L, "-")]
    [DataRow(1L, 3L, "33.3 %")]
    [DataRow(3L, 3L, "100.0 %")]
    public void Shares_AreInPercent(long part, long whole, string expected) =>
        Assert.AreEqual(expected, TextFormat.Share(part, whole));

    [TestMethod]
    public void Counts_HaveACommaBetweenThousands() => Assert.AreEqual("1,234,567", TextFormat.Count(1_234_567));

    [TestMethod]
    [DataRow(0L, "0 rules")]
    [DataRow(1L, "1 rule")]
    [DataRow(1_200L, "1,200 rules")]
    public void CountWithANoun_IsSingularOrPlural(long count, string expected) =>
        Assert.AreEqual(expected, TextFormat.Count(count, "rule"));

    private static void Check(string expected, string actual, int width = TextFormat.WidthMax)
    {
        Assert.AreEqual(expected, actual);
        Assert.IsLessThanOrEqualTo(width, actual.Length);
    }
}
