using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Test.Proxy.Listening;

[TestClass]
public sealed class ListenAddressTests
{
    [TestMethod]
    public void Tailscale_IsAKind() => Check("tailscale:11434", ListenKind.Tailscale, 11434);

    [TestMethod]
    [DataRow("127.0.0.1:11434", "127.0.0.1")]
    [DataRow("[::1]:11434", "::1")]
    [DataRow("[fd7a:115c:a1e0::1]:11434", "fd7a:115c:a1e0::1")]
    public void Address_IsAKind(string text, string address) =>
        Assert.AreEqual(IPAddress.Parse(address), Check(text, ListenKind.Address, 11434).Address);

    [TestMethod]
    [DataRow("en0:80", "en0")]
    [DataRow("tailscale0:80", "tailscale0")]
    [DataRow("eth0.100:80", "eth0.100")]
    [DataRow("br-6f1a:80", "br-6f1a")]
    [DataRow("fe0:80", "fe0")]
    public void Interface_IsAKind(string text, string name) =>
        Assert.AreEqual(name, Check(text, ListenKind.Interface, 80).Interface);

    [TestMethod]
    public void MappedAddress_IsTheIPv4Address()
    {
        Assert.IsTrue(ListenAddress.TryParse("[::ffff:10.0.0.5]:80", out ListenAddress? address, out _));
        Assert.AreEqual("10.0.0.5:80", address.ToString());
    }

    [TestMethod]
    [DataRow("0.0.0.0:1", true)]
    [DataRow("[::]:65535", true)]
    [DataRow("[0:0::0]:80", true)]
    [DataRow("[::ffff:0.0.0.0]:80", true)]
    [DataRow("127.0.0.1:80", false)]
    [DataRow("tailscale:80", false)]
    [DataRow("en0:80", false)]
    public void UnspecifiedAddress_IsFlagged(string text, bool expected)
    {
        Assert.IsTrue(ListenAddress.TryParse(text, out ListenAddress? address, out string? problem), problem);
        Assert.AreEqual(expected, address!.IsUnspecified);
    }

    [TestMethod]
    [DataRow("", "tailscale:11434")]
    [DataRow("tailscale", "tailscale:11434")]
    [DataRow("Tailscale:80", "tailscale:80")]
    [DataRow("11434", "tailscale:11434")]
    [DataRow(":11434", "tailscale:11434")]
    [DataRow("*:11434", "0.0.0.0:11434")]
    [DataRow("[fe80::1]:11434", "the interface, such as en0:11434")]
    [DataRow("localhost:80", "127.0.0.1:80")]
    [DataRow("127.0.0.1", "127.0.0.1:11434")]
    [DataRow("::1", "[::1]:11434")]
    [DataRow("[::1]", "[::1]:11434")]
    [DataRow("fd7a:115c:a1e0:1:2:3:4:5:80", "[fd7a:115c:a1e0:1:2:3:4:5]:80")]
    [DataRow("http://127.0.0.1:80", "tailscale:11434")]
    [DataRow("[fe80::1%en0]:80", "en0:80")]
    [DataRow("[127.0.0.1]:80", "127.0.0.1:11434")]
    [DataRow("127.1:80", "127.0.0.1:11434")]
    [DataRow("256.0.0.1:80", "127.0.0.1:11434")]
    [DataRow("en0 :80", "en0:11434")]
    [DataRow("studio.local:80", "en0:80")]
    [DataRow("studio.tail1234.ts.net:80", "en0:80")]
    [DataRow("en0:", "1 to 65535")]
    [DataRow("en0:0", "1 to 65535")]
    [DataRow("en0:080", "1 to 65535")]
    [DataRow("en0:65536", "1 to 65535")]
    [DataRow("en0:http", "1 to 65535")]
    [DataRow("en0:-1", "1 to 65535")]
    public void AnythingElse_IsNoneWithAFix(string text, string cure)
    {
        Assert.IsFalse(ListenAddress.TryParse(text, out ListenAddress? address, out string? problem));
        Assert.IsNull(address);
        Assert.Contains(cure, problem!);
    }

    private static ListenAddress Check(string text, ListenKind kind, int port)
    {
        Assert.IsTrue(ListenAddress.TryParse(text, out ListenAddress? address, out string? problem), problem);
        Assert.AreEqual(kind, address!.Kind);
        Assert.AreEqual(port, address.Port);
        Assert.AreEqual(text, address.ToString());
        return address;
    }
}
