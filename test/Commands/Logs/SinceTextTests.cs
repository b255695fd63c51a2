using FastGate.Commands.Logs;

namespace FastGate.Test.Commands.Logs;

[TestClass]
public sealed class SinceTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [TestMethod]
    [DataRow("90s", "2026-11-21T11:58:30Z")]
    [DataRow("30m", "2026-11-21T11:30:00Z")]
    [DataRow("2h", "2026-11-21T10:00:00Z")]
    [DataRow("7d", "2026-11-14T12:00:00Z")]
    [DataRow("2026-11-20T18:30:00Z", "2026-11-20T18:30:00Z")]
    [DataRow("2026-11-20T18:30:00+02:00", "2026-11-20T16:30:00Z")]
    public void Time_IsParsed(string text, string expected)
    {
        Assert.IsTrue(SinceText.TryParse(text, Now, out DateTimeOffset since, out _));
        Assert.AreEqual(DateTimeOffset.Parse(expected, null), since);
    }

    [TestMethod]
    [DataRow("2026-11-20", 0, 0)]
    [DataRow("2026-11-20T18:30", 18, 30)]
    [DataRow("2026-11-20 18:30", 18, 30)]
    public void TimeWithoutAZone_IsLocal(string text, int hour, int minute)
    {
        Assert.IsTrue(SinceText.TryParse(text, Now, out DateTimeOffset since, out _));
        Assert.AreEqual(new DateTime(2026, 11, 20, hour, minute, 0), since.LocalDateTime);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("h")]
    [DataRow("-2h")]
    [DataRow("2w")]
    [DataRow("4000000000d")]
    [DataRow("yesterday")]
    [DataRow("11/20/2026")]
    public void Nonsense_IsAProblem(string text)
    {
        Assert.IsFalse(SinceText.TryParse(text, Now, out _, out string? problem));
        Assert.Contains($"\"{text}\" is not a valid time", problem);
    }
}
