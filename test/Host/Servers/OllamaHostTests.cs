using FastGate.Host.Servers;
using FastGate.Test.Support;

namespace FastGate.Test.Host.Servers;

/// <summary>
/// The values of <c>cases/ollama-host.tsv</c>. Regression: ":11434" was reported as closed, since an empty host was
/// mistaken for an empty value; for Ollama it means every address.
/// </summary>
[TestClass]
public sealed class OllamaHostTests
{
    public static IEnumerable<object[]> Rows =>
        from line in File.ReadAllLines(Path.Combine(SourceTree.Root, "test/Commands/Install/cases/ollama-host.tsv"))
        where !line.StartsWith('#')
        select (object[])line.Split('\t');

    [TestMethod]
    [DynamicData(nameof(Rows))]
    public void Value_IsReadAsOllamaReadsIt(string value, string reach, string listens)
    {
        OllamaHost host = OllamaHost.Parse(value);
        string reached =
            host.IsEveryAddress ? "every address"
            : host.IsLoopbackOnly ? "loopback"
            : "other";
        Assert.AreEqual(reach, reached, value);
        Assert.AreEqual(
            listens,
            host.Host.Contains(':', StringComparison.Ordinal)
                ? $"[{host.Host}]:{host.Port}"
                : $"{host.Host}:{host.Port}",
            value
        );
        Assert.AreEqual(reach == "loopback", OllamaHost.IsLoopback(value), value);
    }

    [TestMethod]
    [DataRow("127.0.0.1", "http")]
    [DataRow("https://127.0.0.1", "https")]
    [DataRow("tcp://127.0.0.1", "tcp")]
    [DataRow("ollama.com", "https")]
    public void Scheme_IsWhatIsWritten(string value, string scheme) =>
        Assert.AreEqual(scheme, OllamaHost.Parse(value).Scheme);

    // Even absurd text must not crash the program.
    [TestMethod]
    public void AnyText_IsRead()
    {
        const string Letters = "[]:/%.\"' 0af@?";
        Random random = new(11434);
        for (int n = 0; n < 200_000; n++)
        {
            string value = new([
                .. Enumerable.Range(0, random.Next(12)).Select(_ => Letters[random.Next(Letters.Length)]),
            ]);
            OllamaHost host = OllamaHost.Parse(value);
            Assert.IsFalse(host.IsLoopbackOnly && host.IsEveryAddress, value);
        }
    }
}
