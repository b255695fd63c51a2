using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

/// <summary>What can be tested of macOS's addresses and errors on any system: the layouts of xnu's netinet/in.h, the
/// errors of sys/errno.h.</summary>
[TestClass]
public sealed class MacAddressTests
{
    [TestMethod]
    [DataRow("127.0.0.1", 11434, "10022caa7f0000010000000000000000")]
    [DataRow("100.64.1.2", 80, "10020050644001020000000000000000")]
    [DataRow("::1", 11434, "1c1e2caa000000000000000000000000000000000000000100000000")]
    [DataRow("fd7a:115c:a1e0::1", 443, "1c1e01bb00000000fd7a115ca1e0000000000000000000010000_0000")]
    [DataRow("fe80::1%5", 443, "1c1e01bb00000000fe80000000000000000000000000000105000000")]
    public void EndPoint_HasXnusLayout(string address, int port, string expected)
    {
        Span<byte> bytes = stackalloc byte[MacAddress.BytesMax];
        bytes.Fill(0xee);
        int length = MacAddress.Write(new IPEndPoint(IPAddress.Parse(address), port), bytes);

        Assert.AreEqual(expected.Replace("_", "", StringComparison.Ordinal), Convert.ToHexStringLower(bytes[..length]));
        Assert.AreEqual(IPAddress.Parse(address), MacAddress.Read(bytes[..length]));
        Assert.AreEqual(port, SocketAddressBytes.ReadPort(bytes[..length]));
    }

    [TestMethod]
    [DataRow("", DisplayName = "a length of 0: a peer that has reset its IPv6 connection")]
    [DataRow("10", DisplayName = "one byte")]
    [DataRow("1002", DisplayName = "a family alone")]
    [DataRow("1c1e2caa00000000000000000000000000000000000000010000", DisplayName = "cut short")]
    [DataRow("6a012f746d702f730000000000000000", DisplayName = "a Unix socket's")]
    [DataRow("10002caa7f0000010000000000000000", DisplayName = "no family")]
    public void NoAddress_IsNull(string bytes) => Assert.IsNull(MacAddress.Read(Convert.FromHexString(bytes)));

    [TestMethod]
    [DataRow(24, SocketError.TooManyOpenSockets)]
    [DataRow(23, SocketError.NoBufferSpaceAvailable)]
    [DataRow(12, SocketError.NoBufferSpaceAvailable)]
    [DataRow(55, SocketError.NoBufferSpaceAvailable)]
    [DataRow(35, SocketError.WouldBlock)]
    [DataRow(4, SocketError.WouldBlock)]
    [DataRow(32, SocketError.Shutdown)]
    [DataRow(41, SocketError.Shutdown)]
    [DataRow(53, SocketError.ConnectionAborted)]
    [DataRow(54, SocketError.ConnectionReset)]
    [DataRow(60, SocketError.TimedOut)]
    [DataRow(61, SocketError.ConnectionRefused)]
    [DataRow(65, SocketError.HostUnreachable)]
    [DataRow(9999, SocketError.SocketError)]
    public void Error_IsMapped(int errno, SocketError expected) => Assert.AreEqual(expected, MacErrors.Meaning(errno));

    [TestMethod]
    [DataRow(36, SocketError.WouldBlock)]
    [DataRow(37, SocketError.WouldBlock)]
    [DataRow(4, SocketError.WouldBlock)]
    [DataRow(56, SocketError.Success)]
    [DataRow(49, SocketError.AddressNotAvailable)]
    [DataRow(61, SocketError.ConnectionRefused)]
    public void ErrorOfConnect_IsMapped(int errno, SocketError expected) =>
        Assert.AreEqual(expected, MacErrors.MeaningOfConnect(errno));

    /// <summary>Regression: EMFILE was logged as "Too many open files in system", which is ENFILE.</summary>
    [TestMethod]
    public void ProcessAtItsLimit_IsNotReportedAsTheSystem()
    {
        SocketError own = LinuxErrors.Meaning(24),
            system = LinuxErrors.Meaning(23);
        Assert.Contains("this process", SocketErrorText.Of(own));
        Assert.DoesNotContain("system", SocketErrorText.Of(own));
        Assert.Contains("system", SocketErrorText.Of(system));
        Assert.DoesNotContain("process", SocketErrorText.Of(system));
        Assert.Contains("this process", SocketErrorText.Of(new SocketException((int)SocketError.TooManyOpenSockets)));
        Assert.AreEqual("no such thing", SocketErrorText.Of(new IOException("no such thing.")));
        Assert.IsTrue(new ConnectResult(null, own).IsShortage && new ConnectResult(null, system).IsShortage);
    }
}
