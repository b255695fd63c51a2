using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Metrics;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Listening;

/// <summary>The real program with a simulated Tailscale daemon.</summary>
[TestClass]
[TestCategory(Category.Process)]
public sealed class TailscaleServeTests
{
    private const string Address = "100.101.102.103";
    private const string Point = $"{Address}:11434";
    private const string Serve = """{"TCP":{"11434":{"TCPForward":"127.0.0.1:11434"}}}""";

    [TestMethod]
    public async Task ServeThatIsSetWhileTheGateRuns_IsLoggedAndCounted_UntilItIsOff()
    {
        await using FakeTailscaled daemon = new();
        await using TailnetScene scene = await TailnetScene.OpenAsync(daemon.SocketPath);
        await scene.BeginTailscaleAsync();
        await scene.AddAsync($"{Address}/10");
        scene.Start("tailscale:11434");
        scene.CheckBound(Point);
        Assert.IsEmpty((await SnapshotAsync(scene)).Bypasses);

        daemon.Serve = Serve;
        scene.Gate.WaitFor("Tailscale takes all connections from the tailnet to port 11434 before they reach the gate");
        BypassSnapshot bypass = (await SnapshotAsync(scene)).Bypasses.Single();
        Assert.AreEqual(
            new BypassSnapshot(
                "tailscale serve --tcp=11434",
                11434,
                "127.0.0.1:11434",
                "sudo tailscale serve --tcp=11434 off"
            ),
            bypass
        );

        daemon.Serve = "{}";
        scene.Gate.WaitFor("\"tailscale serve --tcp=11434\" no longer bypasses the gate");
        Assert.IsEmpty((await SnapshotAsync(scene)).Bypasses);
        Assert.AreEqual(1, scene.CountLogged("before they reach the gate"));
    }

    [TestMethod]
    public async Task ServeThatWasSetBeforeTheGateStarts_IsNamedInPlaceOfAnotherProgram()
    {
        await using FakeTailscaled daemon = new() { Serve = Serve };
        await using TailnetScene scene = await TailnetScene.OpenAsync(daemon.SocketPath);
        await scene.BeginTailscaleAsync();
        await scene.AddAsync($"{Address}/10");
        // Tailscale also binds the port, for connections from the machine itself.
        Socket its = scene.Home.Make(() =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(IPEndPoint.Parse(Point));
            socket.Listen();
            return socket;
        });
        scene.Start("tailscale:11434");
        const string Reason =
            "Tailscale has this port for \"tailscale serve --tcp=11434\"; to turn it off: sudo "
            + "tailscale serve --tcp=11434 off";
        Assert.AreEqual(1, scene.CountLogged($"Cannot listen on {Point}: {Reason}"), scene.Gate.Output);
        Assert.AreEqual(0, scene.CountLogged("lsof"));
        Assert.AreEqual($"{Point}: {Reason}", (await SnapshotAsync(scene)).Listeners[0].Unbound.Single());

        daemon.Serve = "null";
        its.Dispose();
        scene.Gate.WaitFor($"Listening on {Point}");
        await Until.HoldsAsync(
            async () => (await SnapshotAsync(scene)).Listeners[0].Unbound.Count == 0,
            "nothing is unbound"
        );
    }

    [TestMethod]
    public async Task TunnelByAnotherNameWithoutIPv6_IsFoundThroughTheDaemon()
    {
        await using FakeTailscaled daemon = new()
        {
            Status =
                $$$"""{"TUN":true,"BackendState":"Running","Self":{"TailscaleIPs":["{{{Address}}}","fd7a:115c:a1e0::7b01:6667"]}}""",
        };
        await using TailnetScene scene = await TailnetScene.OpenAsync(daemon.SocketPath);
        await scene.BeginTailscaleAsync();
        foreach (
            string words in (string[])["link set tailscale0 down", "link set tailscale0 name ts0", "link set ts0 up"]
        )
            await scene.Home.IpAsync(words);
        // A carrier's CGNAT address on the LAN is not Tailscale's.
        await scene.Home.IpAsync("addr add 100.72.3.4/24 dev lan0");
        await scene.Home.IpAsync($"addr add {Address}/10 dev ts0");
        scene.Start("tailscale:11434");
        scene.Gate.WaitFor($"Listening on {Point}");
        scene.CheckBound(Point);
        await scene.ServeAsync(await scene.FromTailnetAsync(Point));
    }

    private static async Task<GateSnapshot> SnapshotAsync(TailnetScene scene)
    {
        using AdminClient client = new(scene.Gate.MetricsSocket);
        GateSnapshot? snapshot = null;
        // A gate that has just started may log before it serves its metrics.
        await Until.HoldsAsync(
            async () =>
                (snapshot = (await client.GetStatusAsync(CancellationToken.None).WithinDeadline()).Snapshot)
                    is not null,
            "the gate serves its metrics"
        );
        return snapshot!;
    }
}
