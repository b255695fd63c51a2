using FastGate.Proxy.Listening;

namespace FastGate.Test.Proxy.Listening;

[TestClass]
public sealed class TailscaleAddressesTests
{
    [TestMethod]
    public void MacWithTailscale_HasBothAddressesOfTheTunnel() =>
        Check(Machines.MacWithTailscale, "100.101.102.103", "fd7a:115c:a1e0::7b01:6667");

    [TestMethod]
    public void MacWithOtherTunnelsOnly_HasNone() => Check(Machines.MacWithoutTailscale);

    [TestMethod]
    public void AnotherVpnWithACgnatAddress_IsNotMistakenForTailscale() =>
        Check(Machines.MacWithTailscaleAndAnotherVpn, "100.101.102.103", "fd7a:115c:a1e0::7b01:6667");

    [TestMethod]
    public void Linux_HasBothAddressesOfTheTunnel() => Check(Machines.Linux, "100.87.6.5", "fd7a:115c:a1e0::a01:605");

    [TestMethod]
    public void LinuxWithoutIPv6_HasTheTunnelsIPv4() => Check(Machines.LinuxWithoutIPv6, "100.87.6.5");

    [TestMethod]
    public void RenamedTunnel_IsKnownByItsIPv6() =>
        Check(Machines.LinuxWithRenamedTunnel, "100.87.6.5", "fd7a:115c:a1e0::a01:605");

    [TestMethod]
    public void LanWithACgnatAddress_HasNone() => Check(Machines.LanWithCgnat);

    [TestMethod]
    public void LanThatIsAnnouncedTailscalesPrefix_HasNone() => Check(Machines.LanWithAnnouncedPrefix);

    [TestMethod]
    public void AddressesOfChromeOs_AreNotTailscales() => Check(Machines.ChromeOs);

    [TestMethod]
    public void NoInterfaces_HaveNone() => Check([]);

    private static void Check(IReadOnlyList<InterfaceAddress> machine, params string[] expected) =>
        CollectionAssert.AreEqual(expected, TailscaleAddresses.Find(machine).Select(a => a.ToString()).ToArray());
}
