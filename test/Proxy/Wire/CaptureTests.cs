using System.Text;

namespace FastGate.Test.Proxy.Wire;

[TestClass]
public sealed class CaptureTests
{
    [TestMethod]
    public void RecordedHead_HasTheSameResultAtEveryCut()
    {
        foreach ((string name, byte[] bytes) in Captures.All)
        {
            (string whole, _) = Probe.Run("request", bytes, [bytes.Length]);
            Assert.AreEqual(Expected(name), whole.Split(' ')[0], name);
            for (int cut = 0; cut <= bytes.Length; cut++)
                Assert.AreEqual(whole, Probe.Run("request", bytes, [cut, bytes.Length]).Result, $"{name} cut at {cut}");
        }
    }

    [TestMethod]
    public void RecordedHead_MatchesTheReference()
    {
        foreach ((string name, byte[] bytes) in Captures.All)
            Assert.AreEqual(
                ReferenceScanner.Scan(Encoding.Latin1.GetString(bytes)),
                Probe.Run("request", bytes, [bytes.Length]).Result,
                name
            );
    }

    [TestMethod]
    public void RecordedHead_EndsWhereTheCaptureEnds()
    {
        foreach ((string name, byte[] bytes) in Captures.All.Where(item => Expected(item.Name) == "complete"))
            Assert.EndsWith($" head={bytes.Length}", Probe.Run("request", bytes, [bytes.Length]).Result, name);
    }

    /// <summary>Two are refused by design: HTTP/2 with prior knowledge, and a model name with an encoded
    /// slash.</summary>
    private static string Expected(string name) =>
        name.Contains("PRI", StringComparison.Ordinal) || name.Contains("-2Fuser-", StringComparison.Ordinal)
            ? "invalid"
            : "complete";
}

/// <summary>The request heads of real clients recorded in <c>test/Corpus/captures</c>.</summary>
internal static class Captures
{
    public static IReadOnlyList<(string Name, byte[] Bytes)> All { get; } =
    [
        .. Directory
            .GetFiles(Path.Combine(Corpus.Folder, "captures"), "*.http", SearchOption.AllDirectories)
            .Order()
            .Select(file => (Path.GetRelativePath(Corpus.Folder, file), File.ReadAllBytes(file))),
    ];
}
