using FastGate.Commands.Warm;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Commands.Warm;

[TestClass]
public sealed class PullProgressTests
{
    private readonly FakeTimeProvider _time = new();

    [TestMethod]
    public void Layers_AreSummed()
    {
        PullProgress progress = new(_time);
        Check(progress, "pulling manifest", "pulling manifest");
        Check(progress, Layer("a", 4_000_000_000, 1_000_000_000), "25 %, 1.0 GB of 4.0 GB");
        Check(progress, Layer("b", 1_000_000_000, 0), "20 %, 1.0 GB of 5.0 GB");
        Check(progress, Layer("a", 4_000_000_000, 4_000_000_000), "80 %, 4.0 GB of 5.0 GB");
        Check(progress, Layer("b", 1_000_000_000, 999_000_000), "99 %, 5.0 GB of 5.0 GB");
        Check(progress, Layer("b", 1_000_000_000, 1_000_000_000), "100 %, 5.0 GB of 5.0 GB");
        Check(progress, "verifying sha256 digest", "verifying sha256 digest");
    }

    /// <summary>Bytes pulled in an earlier run do not count for the rate.</summary>
    [TestMethod]
    public void Rate_CountsOnlyNewBytes()
    {
        PullProgress progress = new(_time);
        Check(progress, Layer("a", 4_000_000_000, 2_000_000_000), "50 %, 2.0 GB of 4.0 GB");
        _time.Advance(TimeSpan.FromSeconds(10));
        Check(progress, Layer("a", 4_000_000_000, 2_500_000_000), "62 %, 2.5 GB of 4.0 GB, 50 MB/s, 30 s left");
    }

    [TestMethod]
    public void Rate_CoversTheLastSeconds()
    {
        PullProgress progress = new(_time);
        long completed = 0;
        for (int second = 0; second < 60; second++)
        {
            progress.Add(Read(Layer("a", 10_000_000_000, completed)));
            _time.Advance(TimeSpan.FromSeconds(1));
            completed += second < 30 ? 100_000_000 : 10_000_000;
        }
        Assert.AreEqual(10e6, progress.Now.Rate!.Value, 1e6);
    }

    [TestMethod]
    public void StalledPull_HasNoRemainingTime()
    {
        PullProgress progress = new(_time);
        progress.Add(Read(Layer("a", 1000, 0)));
        _time.Advance(TimeSpan.FromSeconds(20));
        Check(progress, Layer("a", 1000, 0), "0 %, 0 B of 1.0 kB, 0 B/s");
    }

    [TestMethod]
    public void RestartedLayer_IsNotSubtracted()
    {
        PullProgress progress = new(_time);
        progress.Add(Read(Layer("a", 1000, 900)));
        _time.Advance(TimeSpan.FromSeconds(2));
        Check(progress, Layer("a", 1000, 100), "10 %, 100 B of 1.0 kB, 0 B/s");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("[]")]
    [DataRow("{\"status\":\"pul")]
    [DataRow("<html>")]
    [DataRow("{\"status\":\"\\ud800\"}")]
    public void InvalidLine_IsNull(string text) => Assert.IsNull(PullLine.Read(text));

    [TestMethod]
    public void InvalidNumbers_AreIgnored()
    {
        PullProgress progress = new(_time);
        Check(progress, """{"status":"pulling a","digest":"a","total":-5,"completed":1e99}""", "pulling a");
        Check(progress, """{"status":"pulling a","digest":"a","total":10,"completed":20}""", "100 %, 10 B of 10 B");
    }

    private static string Layer(string digest, long total, long completed) =>
        $$"""{"status":"pulling {{digest}}","digest":"{{digest}}","total":{{total}},"completed":{{completed}}}""";

    private static PullLine Read(string json) => PullLine.Read(json)!;

    private static void Check(PullProgress progress, string line, string expected)
    {
        progress.Add(Read(line.StartsWith('{') ? line : $$"""{"status":"{{line}}"}"""));
        Assert.AreEqual(expected, PullText.Of(progress.Now));
    }
}
