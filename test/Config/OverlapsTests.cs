namespace FastGate.Test.Config;

[TestClass]
public sealed class OverlapsTests
{
    [TestMethod]
    [DataRow("127.0.0.1:1", "127.0.0.1:1", true)]
    [DataRow("tailscale:1", "tailscale:1", true)]
    [DataRow("tailscale:1", "100.87.6.5:1", true)]
    [DataRow("eth0:1", "10.0.0.5:1", true)]
    [DataRow("nowhere0:1", "nowhere0:1", true)]
    [DataRow("0.0.0.0:1", "127.0.0.1:1", true)]
    [DataRow("127.0.0.1:1", "127.0.0.1:2", false)]
    [DataRow("127.0.0.1:1", "[::1]:1", false)]
    [DataRow("0.0.0.0:1", "[::]:1", false)]
    [DataRow("tailscale:1", "127.0.0.1:1", false)]
    public void TwoListeners_MayNotOverlap(string first, string second, bool overlap)
    {
        string problems = Configs.Problems($$"""{"public": true, "listen": ["{{first}}", "{{second}}"]}""");
        Assert.AreEqual(
            overlap ? $"{second} and {first} share an address and port; remove one, or change its port" : "",
            problems.Split(": ", 3)[^1]
        );
    }

    [TestMethod]
    [DataRow("127.0.0.1:1", "127.0.0.1:1", true)]
    [DataRow("127.0.0.1:1", "localhost:1", true)]
    [DataRow("[::1]:1", "localhost:1", true)]
    [DataRow("tailscale:1", "100.87.6.5:1", true)]
    [DataRow("lo:1", "127.0.0.1:1", true)]
    [DataRow("0.0.0.0:1", "127.0.0.1:1", true)]
    [DataRow("0.0.0.0:1", "10.0.0.5:1", true)]
    [DataRow("0.0.0.0:1", "10.0.0.6:1", false)]
    [DataRow("0.0.0.0:1", "[::1]:1", false)]
    [DataRow("tailscale:1", "127.0.0.1:1", false)]
    [DataRow("127.0.0.1:2", "127.0.0.1:1", false)]
    public void Upstream_MayNotBeTheGate(string listen, string upstream, bool isGate)
    {
        string problems = Configs.Problems(
            $$"""{"public": true, "listen": "{{listen}}", "upstream": "{{upstream}}"}"""
        );
        if (isGate)
            Assert.Contains($"the upstream {upstream} is the gate's own listener {listen}", problems);
        else
            Assert.AreEqual("", problems);
    }
}
