using FastGate.Commands.Shared;

namespace FastGate.Test.Commands.Shared;

[TestClass]
public sealed class MeasuresTests
{
    [TestMethod]
    [DataRow(0.0, "-")]
    [DataRow(12e-9, "12.0 ns")]
    [DataRow(999.6e-9, "1.00 µs")]
    [DataRow(31.4e-6, "31.4 µs")]
    [DataRow(999.4e-6, "999 µs")]
    [DataRow(999.6e-6, "1.00 ms")]
    [DataRow(0.12, "120 ms")]
    [DataRow(0.9996, "1.00 s")]
    [DataRow(64.2, "64.2 s")]
    [DataRow(700.0, "11 min 40 s")]
    public void Times(double seconds, string text) => Assert.AreEqual(text, Measures.Time(seconds));

    [TestMethod]
    [DataRow(0.9, "0 s")]
    [DataRow(59.9, "59 s")]
    [DataRow(60.0, "1 min 0 s")]
    [DataRow(3600.0, "1 h 0 min")]
    [DataRow(93_784.0, "1 d 2 h")]
    [DataRow(86_400.0 * 400, "400 d 0 h")]
    public void Spans(double seconds, string text) => Assert.AreEqual(text, Measures.Span(seconds));

    [TestMethod]
    [DataRow(0L, "0 B")]
    [DataRow(999L, "999 B")]
    [DataRow(1000L, "1.00 kB")]
    [DataRow(99_949L, "99.9 kB")]
    [DataRow(999_500L, "1.00 MB")]
    [DataRow(45_100_000_000L, "45.1 GB")]
    [DataRow(long.MaxValue, "9223 PB")]
    public void Bytes(long bytes, string text) => Assert.AreEqual(text, Measures.Bytes(bytes));

    [TestMethod]
    [DataRow(0L, 0L, "-")]
    [DataRow(1L, 3L, "33.3 %")]
    [DataRow(3L, 3L, "100.0 %")]
    public void Shares(long part, long whole, string text) => Assert.AreEqual(text, Measures.Share(part, whole));

    [TestMethod]
    public void Counts_AreInThousands() => Assert.AreEqual("1,234,567", Measures.Count(1_234_567));
}
