using FastGate.Commands.Shared;

namespace FastGate.Test.Commands.Shared;

[TestClass]
public sealed class AmountTests
{
    [TestMethod]
    [DataRow(0L, "0 B")]
    [DataRow(999L, "999 B")]
    [DataRow(1000L, "1.0 kB")]
    [DataRow(9_949L, "9.9 kB")]
    [DataRow(9_950L, "10 kB")]
    [DataRow(999_499L, "999 kB")]
    [DataRow(999_500L, "1.0 MB")]
    [DataRow(19_851_349_856L, "20 GB")]
    [DataRow(long.MaxValue, "9.2 EB")]
    [DataRow(-5L, "0 B")]
    public void Bytes_HaveTwoOrThreeFigures(long bytes, string expected) => Check(expected, Amount.Bytes(bytes));

    [TestMethod]
    [DataRow(null, "-")]
    [DataRow(-1.0, "-")]
    [DataRow(double.NaN, "-")]
    [DataRow(0.0, "0 µs")]
    [DataRow(0.041, "41 µs")]
    [DataRow(0.9994, "999 µs")]
    [DataRow(0.9995, "1.0 ms")]
    [DataRow(999.4, "999 ms")]
    [DataRow(999.5, "1.0 s")]
    [DataRow(59_949.0, "60 s")]
    [DataRow(59_950.0, "1m00s")]
    [DataRow(185_000.0, "3m05s")]
    [DataRow(7_800_000.0, "2h10m")]
    [DataRow(442_800_000.0, "5d03h")]
    [DataRow(1e300, "49710d06h")]
    public void Times_HaveTheirUnit(double? milliseconds, string expected) =>
        Check(expected, Amount.Milliseconds(milliseconds), 9);

    [TestMethod]
    public void UsualAmounts_FitTheirColumn()
    {
        for (double amount = 0.001; amount < 1e9; amount *= 1.07)
        {
            Check(Amount.Milliseconds(amount), Amount.Milliseconds(amount));
            Check(Amount.Bytes((long)amount), Amount.Bytes((long)amount));
        }
    }

    private static void Check(string expected, string actual, int width = Amount.WidthMax)
    {
        Assert.AreEqual(expected, actual);
        Assert.IsLessThanOrEqualTo(width, actual.Length);
    }
}
