using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Test.Proxy.Listening;

/// <summary>Interface lists of each kind of machine.</summary>
internal static class Machines
{
    private const string LanMac = """
        lo0 127.0.0.1
        lo0 ::1
        lo0 fe80::1%1
        en0 fe80::1c2a:5dff:fe31:9a01%15
        en0 192.168.1.23
        en0 2001:db8:77:1:45d:8a21:7e5f:1be3
        awdl0 fe80::84a1:aff:fe26:7c9b%17
        """;

    // Without Tailscale, macOS itself has several tunnels (iCloud Private Relay, Handoff), with link-local addresses
    // only.
    private const string AppleTunnels = """
        utun0 fe80::b2d1:3c2f:8e22:6c01%18
        utun1 fe80::9a6e:e9bc:1b0d:7d02%19
        utun2 fe80::ce81:b1c:bd2c:69e%20
        """;

    public static readonly IReadOnlyList<InterfaceAddress> MacWithTailscale = Parse(
        LanMac,
        AppleTunnels,
        """
        utun4 fe80::1c2a:5dff:fe31:9a01%22
        utun4 100.101.102.103
        utun4 fd7a:115c:a1e0::7b01:6667
        """
    );

    public static readonly IReadOnlyList<InterfaceAddress> MacWithoutTailscale = Parse(LanMac, AppleTunnels);

    public static readonly IReadOnlyList<InterfaceAddress> MacWithTailscaleAndAnotherVpn = Parse(
        LanMac,
        """
        utun3 100.96.0.7
        utun4 100.101.102.103
        utun4 fd7a:115c:a1e0::7b01:6667
        """
    );

    public static readonly IReadOnlyList<InterfaceAddress> Linux = Parse(
        """
        lo 127.0.0.1
        lo ::1
        eth0 10.0.0.5
        eth0 fe80::42:acff:fe11:2%2
        docker0 172.17.0.1
        tailscale0 100.87.6.5
        tailscale0 fd7a:115c:a1e0::a01:605
        tailscale0 fe80::5a3c:97b0:2f1e:11%3
        """
    );

    public static readonly IReadOnlyList<InterfaceAddress> LinuxWithoutIPv6 = Parse(
        "lo 127.0.0.1",
        "eth0 10.0.0.5",
        "tailscale0 100.87.6.5"
    );

    public static readonly IReadOnlyList<InterfaceAddress> LinuxWithRenamedTunnel = Parse(
        "lo 127.0.0.1",
        "ts0 100.87.6.5",
        "ts0 fd7a:115c:a1e0::a01:605"
    );

    /// <summary>
    /// A carrier that assigns CGNAT addresses to its customers' routers, and here to the machine itself.
    /// </summary>
    public static readonly IReadOnlyList<InterfaceAddress> LanWithCgnat = Parse(
        "lo0 127.0.0.1",
        "en0 100.72.3.4",
        "en0 fe80::1%4"
    );

    /// <summary>
    /// A neighbor announces Tailscale's prefix on the LAN, and the machine configures an address in it.
    /// </summary>
    public static readonly IReadOnlyList<InterfaceAddress> LanWithAnnouncedPrefix = Parse(
        "lo0 127.0.0.1",
        "en0 192.168.1.23",
        "en0 fd7a:115c:a1e0:0:45d:8a21:7e5f:1be3"
    );

    public static readonly IReadOnlyList<InterfaceAddress> ChromeOs = Parse(
        "lo 127.0.0.1",
        "eth0 100.115.92.194",
        "tailscale0 100.115.93.7"
    );

    private static IReadOnlyList<InterfaceAddress> Parse(params string[] lists) =>
        [
            .. from line in lists.SelectMany(list => list.Split('\n'))
            let words = line.Trim().Split(' ')
            select new InterfaceAddress(words[0], IPAddress.Parse(words[1])),
        ];
}
