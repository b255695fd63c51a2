using FastGate.Install;

namespace FastGate.Test.Install;

[TestClass]
public sealed class OllamaHostTests
{
    [TestMethod]
    [DataRow("")]
    [DataRow("127.0.0.1")]
    [DataRow("127.0.0.1:11434")]
    [DataRow("127.0.0.2:1")]
    [DataRow("localhost")]
    [DataRow("localhost:11434")]
    [DataRow("http://127.0.0.1:11434/")]
    [DataRow("https://localhost")]
    [DataRow("::1")]
    [DataRow("[::1]:11434")]
    [DataRow(":11434")]
    [DataRow("\"127.0.0.1\"")]
    [DataRow(" 127.0.0.1 ")]
    public void Loopback_IsKnown(string value) => Assert.IsTrue(OllamaHost.IsLoopback(value));

    [TestMethod]
    [DataRow("0.0.0.0")]
    [DataRow("0.0.0.0:11434")]
    [DataRow("http://0.0.0.0")]
    [DataRow("::")]
    [DataRow("[::]:11434")]
    [DataRow("192.168.1.5")]
    [DataRow("100.87.6.5:11434")]
    [DataRow("mac.local")]
    [DataRow("localhost.example.com")]
    public void AnythingElse_IsOpen(string value) => Assert.IsFalse(OllamaHost.IsLoopback(value));
}
