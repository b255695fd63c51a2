using System.Text;
using FastGate.Proxy.Admin;

namespace FastGate.Test.Proxy.Admin;

[TestClass]
public sealed class LoopbackHostTests
{
    [TestMethod]
    [DataRow("localhost")]
    [DataRow("LOCALHOST:9464")]
    [DataRow("127.0.0.1")]
    [DataRow("127.0.0.1:9464")]
    [DataRow("127.1.2.3:1")]
    [DataRow("[::1]")]
    [DataRow("[::1]:9464")]
    public void LoopbackHosts_AreAccepted(string host) => Assert.IsTrue(LoopbackHost.Is(Encoding.ASCII.GetBytes(host)));

    [TestMethod]
    [DataRow("")]
    [DataRow(":9464")]
    [DataRow("example.com")]
    [DataRow("localhost.example.com")]
    [DataRow("127.0.0.1.example.com")]
    [DataRow("127.0.0.1.nip.io:9464")]
    [DataRow("192.168.1.5")]
    [DataRow("100.87.6.5:9464")]
    [DataRow("0.0.0.0")]
    [DataRow("[::]")]
    [DataRow("[fd7a:115c:a1e0::1]:9464")]
    [DataRow("1")]
    [DataRow("0x7f000001")]
    [DataRow("2130706433")]
    [DataRow("mac.tail1234.ts.net")]
    public void OtherHosts_AreNot(string host) => Assert.IsFalse(LoopbackHost.Is(Encoding.ASCII.GetBytes(host)));
}
