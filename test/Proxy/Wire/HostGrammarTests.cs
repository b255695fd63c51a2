using System.Globalization;
using System.Text;
using FastGate.Proxy.Wire;

namespace FastGate.Test.Proxy.Wire;

[TestClass]
public sealed class HostGrammarTests
{
    [TestMethod]
    public void Ports_AreValidUpTo65535()
    {
        for (int port = 0; port < 200_000; port++)
        {
            string text = port.ToString(CultureInfo.InvariantCulture);
            Check($"a:{text}", port <= 65535);
            Check($"[::1]:{text.PadLeft(5, '0')}", port <= 65535);
        }
    }

    [TestMethod]
    [DataRow("a:")]
    [DataRow("a:0:0")]
    [DataRow("a:000000")]
    [DataRow("a:6553a")]
    [DataRow("a:/6553")]
    [DataRow("a:+80")]
    [DataRow("a: 80")]
    [DataRow(":80")]
    [DataRow("")]
    public void InvalidPorts_AreRefused(string host) => Check(host, false);

    [TestMethod]
    public void NameOfAnyLength_EndsAtItsFirstInvalidByte()
    {
        for (int length = 1; length < 70; length++)
        {
            string name = new('a', length);
            Check(name, true);
            Check($"{name}:11434", true);
            Check($"{name},{name}", false);
            Check($"{name}\x80", false);
        }
    }

    /// <summary>Asserts the same result wherever the value is in its head.</summary>
    private static void Check(string host, bool valid)
    {
        Assert.AreEqual(valid, HostGrammar.IsHost(Encoding.Latin1.GetBytes(host)), host);
        foreach (string before in new[] { "Host: ", "GET / HTTP/1.1\r\nHost: " })
            Assert.AreEqual(valid, HostGrammar.IsHost(Encoding.Latin1.GetBytes(before + host), before.Length), host);
    }
}
