using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Test.Proxy.Listening;

[TestClass]
public sealed class ListenPlanTests
{
    private const string Tailnet = "100.64.0.0/10";

    [TestMethod]
    public void Tailscale_BindsBothAddresses() =>
        Check("tailscale:80", Machines.MacWithTailscale, "100.101.102.103:80", "[fd7a:115c:a1e0::7b01:6667]:80");

    [TestMethod]
    public void MissingTailscale_Waits() => Check("tailscale:80", Machines.MacWithoutTailscale);

    [TestMethod]
    public void Interface_BindsItsAddressesWithoutLinkLocalOnes() =>
        Check("en0:80", Machines.MacWithTailscale, "192.168.1.23:80", "[2001:db8:77:1:45d:8a21:7e5f:1be3]:80");

    [TestMethod]
    public void MissingInterface_Waits() => Check("en7:80", Machines.MacWithTailscale);

    [TestMethod]
    public void AddressOfTheMachine_IsBound() => Check("192.168.1.23:80", Machines.MacWithTailscale, "192.168.1.23:80");

    [TestMethod]
    public void MissingAddress_Waits() => Check("192.168.1.24:80", Machines.MacWithTailscale);

    [TestMethod]
    [DataRow("127.0.0.1:80")]
    [DataRow("127.0.0.2:80")]
    [DataRow("[::1]:80")]
    [DataRow("0.0.0.0:80")]
    [DataRow("[::]:80")]
    public void LoopbackAndUnspecifiedAddresses_AreAlwaysThere(string text) => Check(text, [], text);

    [TestMethod]
    public void IPv6ListedFirst_IsBoundSecond() =>
        Check(
            "en0:80",
            [
                new("en0", IPAddress.Parse("2001:db8::1")),
                new("en0", IPAddress.Parse("10.0.0.5")),
                new("en0", IPAddress.Parse("10.0.0.5")),
            ],
            "10.0.0.5:80",
            "[2001:db8::1]:80"
        );

    [TestMethod]
    [DataRow("tailscale:80")]
    [DataRow("utun4:80")]
    [DataRow("100.101.102.103:80")]
    public void Tailscale_IsOpenToTheTailnetAndTheMachineItself(string text) =>
        CheckFrom(
            text,
            Machines.MacWithTailscale,
            [
                "100.64.0.1",
                "100.127.255.254",
                "fd7a:115c:a1e0::1",
                "192.168.1.23",
                "127.0.0.1",
                "2001:db8:77:1:45d:8a21:7e5f:1be3",
            ],
            ["192.168.1.24", "127.0.0.2", "2001:db8:77:1::2", "fd7a:115c:a1e1::1", "100.128.0.1"]
        );

    /// <summary>
    /// Regression: a neighbor can take a link-local address that this machine has on another interface; without its
    /// scope, it counted as the machine's own.
    /// </summary>
    [TestMethod]
    [DataRow("tailscale:80")]
    [DataRow("utun4:80")]
    [DataRow("100.101.102.103:80")]
    [DataRow("127.0.0.1:80")]
    [DataRow("[::1]:80")]
    public void LinkLocalAddressOfTheMachine_IsNotItsOwn(string text) =>
        CheckFrom(
            text,
            [
                .. Machines.MacWithTailscale,
                new("bridge0", IPAddress.Parse("169.254.9.9")),
                new("en5", IPAddress.Parse("::ffff:169.254.9.8")),
            ],
            ["127.0.0.1", "::1", "::ffff:192.168.1.23"],
            [
                "fe80::1",
                "fe80::1%15",
                "fe80::1%1",
                "fe80::1c2a:5dff:fe31:9a01%15",
                "fe80::b2d1:3c2f:8e22:6c01%15",
                "fe80:1::1",
                "febf::1",
                "169.254.9.9",
                "169.254.9.8",
                "::ffff:169.254.9.9",
            ]
        );

    [TestMethod]
    public void MissingTailscale_IsNotOpenToOthers() =>
        CheckFrom("tailscale:80", Machines.MacWithoutTailscale, ["100.64.0.1"], ["192.168.1.24"]);

    [TestMethod]
    [DataRow("127.0.0.1:80")]
    [DataRow("[::1]:80")]
    [DataRow("lo0:80")]
    public void Loopback_IsOpenToTheMachineItself(string text) =>
        CheckFrom(
            text,
            Machines.MacWithTailscale,
            ["127.0.0.2", "::1", "100.101.102.103"],
            ["100.64.0.1", "192.168.1.24", "10.0.0.5"]
        );

    [TestMethod]
    [DataRow("en0:80")]
    [DataRow("192.168.1.23:80")]
    [DataRow("0.0.0.0:80")]
    [DataRow("[::]:80")]
    public void AnyOtherListener_IsOpenToAll(string text) =>
        CheckFrom(text, Machines.MacWithTailscale, ["8.8.8.8", "2001:db8::1", "::ffff:8.8.8.8"], []);

    [TestMethod]
    public void LanWithACgnatAddress_IsNotMistakenForTailscale() =>
        Assert.DoesNotContain(Tailnet, From("100.72.3.4:80", Machines.LanWithCgnat).Select(r => r.ToString()));

    [TestMethod]
    public void AddressOfTwoListeners_IsTheFirsts() =>
        CheckPoints(
            ["utun4:80", "tailscale:80", "100.101.102.103:81"],
            "0=100.101.102.103:80",
            "0=[fd7a:115c:a1e0::7b01:6667]:80",
            "2=100.101.102.103:81"
        );

    [TestMethod]
    public void PortsThatTheSystemChooses_AreNotTheSame()
    {
        ListenAddress any = ListenAddress.Of(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.HasCount(2, ListenPlan.Points([any, any], []));
    }

    [TestMethod]
    public void PeersOfABoundAddress_FollowTheMachinesOwn_ButAreNeverOpenedToAll()
    {
        ListenAddress tunnel = Listen("ts0:80");
        IReadOnlyList<InterfaceAddress> whole = Machines.LinuxWithRenamedTunnel;
        IReadOnlyList<AddressRange> from = ListenPlan.DefaultFrom(tunnel, whole);
        Assert.AreSame(from, ListenPlan.NextFrom(tunnel, whole, from));

        // It loses IPv6 first, and for a moment is an interface with only a CGNAT address.
        IReadOnlyList<InterfaceAddress> half =
        [
            .. whole.Where(i => i.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork),
        ];
        Assert.AreSame(AddressRanges.Any, ListenPlan.DefaultFrom(tunnel, half));
        Assert.AreSame(from, ListenPlan.NextFrom(tunnel, half, from));

        IReadOnlyList<InterfaceAddress> moved = [.. whole, new("en0", IPAddress.Parse("10.0.0.7"))];
        Assert.IsTrue(AddressRanges.Contain(ListenPlan.NextFrom(tunnel, moved, from), IPAddress.Parse("10.0.0.7")));
        Assert.IsFalse(
            AddressRanges.Contain(ListenPlan.NextFrom(tunnel, whole, AddressRanges.Any), IPAddress.Parse("10.0.0.7"))
        );
    }

    private static void CheckPoints(string[] listeners, params string[] expected) =>
        CollectionAssert.AreEqual(
            expected,
            ListenPlan
                .Points([.. listeners.Select(Listen)], Machines.MacWithTailscale)
                .Select(p => $"{p.Listener}={p.EndPoint}")
                .ToArray()
        );

    private static void Check(string text, IReadOnlyList<InterfaceAddress> machine, params string[] expected) =>
        CollectionAssert.AreEqual(
            expected,
            ListenPlan.Endpoints(Listen(text), machine).Select(e => e.ToString()).ToArray()
        );

    private static void CheckFrom(
        string text,
        IReadOnlyList<InterfaceAddress> machine,
        string[] inside,
        string[] outside
    )
    {
        IReadOnlyList<AddressRange> from = From(text, machine);
        foreach (string peer in inside)
            Assert.IsTrue(AddressRanges.Contain(from, IPAddress.Parse(peer)), peer);
        foreach (string peer in outside)
            Assert.IsFalse(AddressRanges.Contain(from, IPAddress.Parse(peer)), peer);
    }

    private static IReadOnlyList<AddressRange> From(string text, IReadOnlyList<InterfaceAddress> machine) =>
        ListenPlan.DefaultFrom(Listen(text), machine);

    private static ListenAddress Listen(string text)
    {
        Assert.IsTrue(ListenAddress.TryParse(text, out ListenAddress? listen, out string? problem), problem);
        return listen!;
    }
}
