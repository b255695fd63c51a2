using System.Text;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Wire;

namespace FastGate.Test.Proxy.Gate;

/// <summary>
/// The host names that a client may use for this machine; any other name may come from a page that uses DNS rebinding.
/// </summary>
[TestClass]
public sealed class HostNamesTests
{
    [TestMethod]
    [DataRow("localhost")]
    [DataRow("LOCALHOST:1")]
    [DataRow("localhost.")]
    [DataRow("remote-ollama-proxy:11434")]
    [DataRow("mac.tail1234.ts.net")]
    [DataRow("Mac.Local:80")]
    [DataRow("api.localhost")]
    [DataRow("ollama.internal")]
    [DataRow("ollama.lan:11434")]
    [DataRow("Mac.LAN.")]
    [DataRow("a.b.lan")]
    [DataRow("mac.home.arpa:11434")]
    [DataRow("100.64.0.1:11434")]
    [DataRow("[fd7a:115c:a1e0::1]")]
    [DataRow("[::1]:11434")]
    [DataRow("box.example.com")]
    [DataRow("BOX.EXAMPLE.COM.:443")]
    [DataRow("dotted.example.com")]
    [DataRow("a.below.example.org")]
    [DataRow("a.b.below.example.org")]
    public void OwnName_IsAccepted(string host) => Check(host, own: true);

    [TestMethod]
    [DataRow("evil.com")]
    [DataRow("evil.com:11434")]
    [DataRow("evil.com.")]
    [DataRow("evil.com..")]
    [DataRow("127.0.0.1.evil.com")]
    [DataRow("localhost.evil.com")]
    [DataRow("mac.ts.net.evil.com")]
    [DataRow("evil.xlocal")]
    [DataRow("ts.net")]
    [DataRow(".lan")]
    [DataRow("home.arpa")]
    [DataRow("10.in-addr.arpa")]
    [DataRow("evil.xlan")]
    [DataRow("mac.lan.evil.com")]
    [DataRow("mac.home.arpa.evil.com")]
    [DataRow("xhome.arpa")]
    [DataRow(".local")]
    [DataRow("xbox.example.com")]
    [DataRow("a.box.example.com")]
    [DataRow("below.example.org")]
    [DataRow("xbelow.example.org")]
    public void ForeignName_IsNot(string host) => Check(host, own: false);

    [TestMethod]
    [DataRow("")]
    [DataRow("user@localhost")]
    [DataRow("[::1%25eth0]")]
    [DataRow("[::1%eth0]")]
    [DataRow("[::1")]
    [DataRow("[v1.x]")]
    [DataRow("localhost:65536")]
    [DataRow("localhost:")]
    [DataRow("localhost:+1")]
    [DataRow("localhost,evil.com")]
    [DataRow("evil.com\tlocalhost")]
    [DataRow("%6cocalhost")]
    [DataRow("localhost/")]
    [DataRow("b\u00fccher.local")]
    public void InvalidHost_IsNeverComparedWithTheNames(string host) =>
        Assert.IsFalse(HostGrammar.IsHost(Encoding.Latin1.GetBytes(host)));

    [TestMethod]
    public void Star_TakesEveryName() => Assert.IsTrue(new HostNames("mac", ["*"]).IsOwn("evil.com"u8));

    private static void Check(string host, bool own)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(host);
        Assert.IsTrue(HostGrammar.IsHost(bytes), "every queried name is a valid host by the grammar");
        HostNames names = new("mac", ["box.example.com", "dotted.example.com.", "*.below.example.org"]);
        Assert.AreEqual(own, names.IsOwn(bytes));
    }
}
