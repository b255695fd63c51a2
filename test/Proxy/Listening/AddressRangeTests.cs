using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Test.Proxy.Listening;

[TestClass]
public sealed class AddressRangeTests
{
    [TestMethod]
    [DataRow("100.64.0.0/10", "100.64.0.0", "100.63.255.255")]
    [DataRow("100.64.0.0/10", "100.127.255.255", "100.128.0.0")]
    [DataRow("10.0.0.5", "10.0.0.5", "10.0.0.4")]
    [DataRow("10.0.0.5", "::ffff:10.0.0.5", "::10.0.0.5")]
    [DataRow("0.0.0.0/0", "255.255.255.255", "::")]
    [DataRow("::/0", "2001:db8::1", "10.0.0.5")]
    [DataRow("::/0", "::", "::ffff:10.0.0.5")]
    [DataRow("fd7a:115c:a1e0::/48", "fd7a:115c:a1e0:ffff::1", "fd7a:115c:a1e1::")]
    [DataRow("fd7a:115c:a1e0::/48", "fd7a:115c:a1e0::", "fd7a:115c:a1df:ffff:ffff:ffff:ffff:ffff")]
    [DataRow("fe80::/10", "fe80::1%7", "fec0::1")]
    [DataRow("::1", "::1", "::2")]
    [DataRow("8000::/1", "ffff::", "7fff::")]
    public void Range_ContainsItsAddressesOnly(string text, string inside, string outside)
    {
        AddressRange range = Check(text);
        Assert.IsTrue(range.Contains(IPAddress.Parse(inside)));
        Assert.IsFalse(range.Contains(IPAddress.Parse(outside)));
    }

    [TestMethod]
    [DataRow("10.0.0.5/32", "10.0.0.5")]
    [DataRow("FD7A:115C:A1E0:0::/48", "fd7a:115c:a1e0::/48")]
    [DataRow("::ffff:10.0.0.5", "10.0.0.5")]
    [DataRow("0.0.0.0/0", "0.0.0.0/0")]
    public void Range_RoundTripsAsText(string text, string canonical)
    {
        Assert.AreEqual(canonical, Check(text).ToString());
        Assert.AreEqual(Check(text), Check(canonical));
    }

    [TestMethod]
    [DataRow("", "100.64.0.0/10")]
    [DataRow("tailscale", "100.64.0.0/10")]
    [DataRow("10", "100.64.0.0/10")]
    [DataRow("10.1", "100.64.0.0/10")]
    [DataRow("010.0.0.1", "100.64.0.0/10")]
    [DataRow("0x0a.0.0.1", "100.64.0.0/10")]
    [DataRow("10.0.0.5 ", "100.64.0.0/10")]
    [DataRow("[::1]", "100.64.0.0/10")]
    [DataRow("[::1]:80", "100.64.0.0/10")]
    [DataRow("fe80::1%en0", "100.64.0.0/10")]
    [DataRow("10.0.0.5:80", "100.64.0.0/10")]
    [DataRow("10.0.0.0/33", "0 to 32")]
    [DataRow("10.0.0.0/", "0 to 32")]
    [DataRow("10.0.0.0/+8", "0 to 32")]
    [DataRow("10.0.0.0/08", "0 to 32")]
    [DataRow("10.0.0.0/255.0.0.0", "0 to 32")]
    [DataRow("fd7a::/129", "0 to 128")]
    [DataRow("10.0.0.5/8", "10.0.0.0/8")]
    [DataRow("10.0.0.5/0", "0.0.0.0/0")]
    [DataRow("fd7a:115c:a1e0::1/48", "fd7a:115c:a1e0::/48")]
    [DataRow("::ffff:10.0.0.0/104", "0 to 32")]
    public void AnythingElse_IsNoneWithAFix(string text, string cure)
    {
        Assert.IsFalse(AddressRange.TryParse(text, out AddressRange range, out string? problem));
        Assert.AreEqual(default, range);
        Assert.Contains(cure, problem!);
    }

    [TestMethod]
    public void DefaultRange_ContainsNothing()
    {
        Assert.IsFalse(default(AddressRange).Contains(IPAddress.Any));
        Assert.IsFalse(default(AddressRange).Contains(IPAddress.IPv6Any));
    }

    [TestMethod]
    public void Contains_AllocatesNothing()
    {
        IPAddress mapped = IPAddress.Parse("::ffff:100.64.0.1");
        AddressRanges.Contain(AddressRanges.Any, mapped);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int n = 0; n < 1000; n++)
            AddressRanges.Contain(AddressRanges.Loopback, mapped);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static AddressRange Check(string text)
    {
        Assert.IsTrue(AddressRange.TryParse(text, out AddressRange range, out string? problem), problem);
        return range;
    }
}
