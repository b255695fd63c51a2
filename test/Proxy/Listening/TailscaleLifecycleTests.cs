using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Listening;

/// <summary>The real program in a real network whose Tailscale interface appears, changes and disappears.</summary>
[TestClass]
[TestCategory(Category.Process)]
public sealed class TailscaleLifecycleTests
{
    private const string Lan = "192.168.77.1:11500";
    private const string First = "100.101.102.103";
    private const string Second = "100.101.102.104";
    private const string Six = "fd7a:115c:a1e0::7b01:6667";

    private const string FirstPoint = $"{First}:11434";
    private const string SecondPoint = $"{Second}:11434";
    private const string SixPoint = $"[{Six}]:11434";

    [TestMethod]
    public async Task Addresses_AreFollowed_WhileAStreamOnAnotherListenerContinues()
    {
        await using TailnetScene scene = await TailnetScene.OpenAsync();
        scene.Start("tailscale:11434", "lan0:11500");
        Assert.AreEqual(1, scene.CountLogged("There is no address for tailscale:11434 yet"));
        scene.CheckBound(Lan);
        RunningStream lan = await RunningStream.StartAsync(await scene.FromNeighbourAsync(Lan), scene.Upstream);

        await scene.BeginTailscaleAsync();
        await scene.AddAsync($"{First}/10");
        await scene.AddAsync($"{Six}/48");
        scene.Gate.WaitFor($"Listening on {FirstPoint}");
        scene.Gate.WaitFor($"Listening on {SixPoint}");
        scene.CheckBound(Lan, FirstPoint, SixPoint);
        await scene.ServeAsync(await scene.FromTailnetAsync(FirstPoint));
        await scene.ServeAsync(await scene.FromTailnetAsync(SixPoint));
        await lan.MoreAsync();

        // Another machine in the tailnet gets the address and gives it back: exchanges in flight on it continue.
        RunningStream tailnet = await RunningStream.StartAsync(
            await scene.FromTailnetAsync(FirstPoint),
            scene.Upstream
        );
        await scene.RemoveAsync($"{First}/10");
        await scene.AddAsync($"{Second}/10");
        scene.Gate.WaitFor($"Listening on {SecondPoint}");
        Assert.AreEqual(1, scene.CountLogged($"No longer listening on {FirstPoint}"));
        scene.CheckBound(Lan, SecondPoint, SixPoint);
        await scene.ServeAsync(await scene.FromTailnetAsync(SecondPoint));
        await scene.RemoveAsync($"{Second}/10");
        await scene.AddAsync($"{First}/10");
        scene.Gate.WaitFor($"Listening on {FirstPoint}");
        scene.CheckBound(Lan, FirstPoint, SixPoint);
        await tailnet.MoreAsync();
        await tailnet.EndAsync();
        await lan.MoreAsync();

        await scene.EndTailscaleAsync();
        scene.Gate.WaitFor("There is no address for tailscale:11434 any more");
        scene.CheckBound(Lan);
        await lan.MoreAsync();
        await scene.BeginTailscaleAsync();
        await scene.AddAsync($"{First}/10");
        scene.Gate.WaitFor($"Listening on {FirstPoint}");
        scene.CheckBound(Lan, FirstPoint);
        await scene.ServeAsync(await scene.FromTailnetAsync(FirstPoint));

        await lan.MoreAsync();
        await lan.EndAsync();
        scene.Gate.Signal("TERM");
        Assert.AreEqual(0, await scene.Gate.ExitAsync(), scene.Gate.Output);
        await scene.CheckEverBoundAsync(Lan, FirstPoint, SecondPoint, SixPoint);
        CheckLoggedOnce(scene);
    }

    [TestMethod]
    public async Task ProcessThatWasStopped_ChecksAtOnceWhenItContinues()
    {
        await using TailnetScene scene = await TailnetScene.OpenAsync();
        await scene.BeginTailscaleAsync();
        await scene.AddAsync($"{First}/10");
        scene.Start("tailscale:11434");
        scene.CheckBound(FirstPoint);

        await scene.Gate.SuspendAsync();
        await scene.RemoveAsync($"{First}/10");
        await scene.AddAsync($"{Second}/10");
        scene.Gate.Signal("CONT");
        scene.Gate.WaitFor($"Listening on {SecondPoint}");
        scene.CheckBound(SecondPoint);
        await scene.ServeAsync(await scene.FromTailnetAsync(SecondPoint));
        await scene.CheckEverBoundAsync(FirstPoint, SecondPoint);
    }

    [TestMethod]
    public async Task PeerOutsideTheTailnet_IsClosed_ThoughItReachesTheAddress()
    {
        await using TailnetScene scene = await TailnetScene.OpenAsync();
        await scene.BeginTailscaleAsync();
        await scene.AddAsync($"{First}/10");
        scene.Start("tailscale:11434");
        RawClient outside = await scene.FromNeighbourAsync(FirstPoint);
        Assert.AreEqual("", await EndAsync(outside));
        scene.Gate.WaitFor("A connection from 192.168.77.9 was closed: its address is not in \"from\"");
        Assert.AreEqual(0, scene.Upstream.Accepted - ReadyConnections, "no request reached the upstream");
        await scene.ServeAsync(await scene.FromTailnetAsync(FirstPoint));
    }

    [TestMethod]
    public async Task AddressOfTheMachineThatANeighbourGets_AdmitsNoConnections()
    {
        await using TailnetScene scene = await TailnetScene.OpenAsync();
        await scene.Home.IpAsync("addr add 192.168.77.9/32 dev lo");
        await scene.BeginTailscaleAsync();
        await scene.AddAsync($"{First}/10");
        scene.Start("tailscale:11434", "lan0:11500");
        // The log shows that the gate has polled since.
        await scene.Home.IpAsync("addr del 192.168.77.9/32 dev lo");
        await scene.Home.IpAsync("addr add 192.168.78.1/24 dev lan0");
        scene.Gate.WaitFor("Listening on 192.168.78.1:11500");
        Assert.AreEqual("", await EndAsync(await scene.FromNeighbourAsync(FirstPoint)));
        scene.Gate.WaitFor("A connection from 192.168.77.9 was closed");
    }

    [TestMethod]
    public async Task Interface_IsFollowed()
    {
        await using TailnetScene scene = await TailnetScene.OpenAsync();
        scene.Start("lan0:11500");
        scene.CheckBound(Lan);
        RunningStream stream = await RunningStream.StartAsync(await scene.FromNeighbourAsync(Lan), scene.Upstream);
        await scene.Home.IpAsync("addr add 192.168.78.1/24 dev lan0");
        scene.Gate.WaitFor("Listening on 192.168.78.1:11500");
        scene.CheckBound(Lan, "192.168.78.1:11500");
        await scene.Home.IpAsync("addr del 192.168.78.1/24 dev lan0");
        scene.Gate.WaitFor("No longer listening on 192.168.78.1:11500: lan0:11500 has lost that address");
        scene.CheckBound(Lan);
        await stream.MoreAsync();
        await stream.EndAsync();
        await scene.CheckEverBoundAsync(Lan, "192.168.78.1:11500");
    }

    [TestMethod]
    public async Task IPv6AddressThatIsStillAskedFor_IsBoundWhenItCanBe_AndLoggedOnce()
    {
        await using TailnetScene scene = await TailnetScene.OpenAsync();
        await scene.BeginSilentTailscaleAsync();
        await scene.AddAsync($"{Six}/48");
        scene.Start("tailscale:11434");
        Assert.AreEqual(1, scene.CountLogged($"{SixPoint} cannot be bound yet"), scene.Gate.Output);
        scene.CheckBound();
        await scene.AddTailnetPeerAsync();
        scene.Gate.WaitFor($"Listening on {SixPoint}");
        scene.CheckBound(SixPoint);
        Assert.AreEqual(1, scene.CountLogged("cannot be bound yet"));
        Assert.AreEqual(0, scene.CountLogged("Cannot listen"));
    }

    [TestMethod]
    public async Task PortThatAnotherProgramHas_IsLoggedOnceWithItsFix_AndTakenWhenItIsFree()
    {
        await using TailnetScene scene = await TailnetScene.OpenAsync();
        using Socket other = scene.Home.Make(() =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, TailnetScene.Port));
            socket.Listen();
            return socket;
        });
        scene.Start("tailscale:11434", "lan0:11500");
        await scene.BeginTailscaleAsync();
        await scene.AddAsync($"{First}/10");
        scene.Gate.WaitFor($"Cannot listen on {FirstPoint}: another program listens there");
        await scene.Home.IpAsync("addr add 192.168.78.1/24 dev lan0");
        scene.Gate.WaitFor("Listening on 192.168.78.1:11500");
        other.Dispose();
        scene.Gate.WaitFor($"Listening on {FirstPoint}");
        await scene.ServeAsync(await scene.FromTailnetAsync(FirstPoint));
        Assert.AreEqual(1, scene.CountLogged("Cannot listen"));
        Assert.AreEqual(1, scene.CountLogged("OLLAMA_HOST=127.0.0.1"));
    }

    /// <summary>The ready connections that the gate opens ahead.</summary>
    private const int ReadyConnections = 4;

    private static void CheckLoggedOnce(TailnetScene scene)
    {
        Assert.AreEqual(3, scene.CountLogged($"Listening on {FirstPoint}"), scene.Gate.Output);
        Assert.AreEqual(2, scene.CountLogged($"No longer listening on {FirstPoint}"));
        Assert.AreEqual(1, scene.CountLogged($"Listening on {SecondPoint}"));
        Assert.AreEqual(1, scene.CountLogged($"No longer listening on {SecondPoint}"));
        Assert.AreEqual(1, scene.CountLogged($"Listening on {SixPoint}"));
        Assert.AreEqual(1, scene.CountLogged($"No longer listening on {SixPoint}"));
        Assert.AreEqual(1, scene.CountLogged("There is no address for tailscale:11434 any more"));
        Assert.AreEqual(0, scene.CountLogged(" error "), scene.Gate.Output);
    }

    /// <summary>Reads until the peer closes or resets.</summary>
    private static async Task<string> EndAsync(RawClient client)
    {
        try
        {
            return Encoding.Latin1.GetString(await client.Connection.ReadToEndAsync());
        }
        catch (SocketException)
        {
            // The connection was closed before this side's handshake was complete.
            return "";
        }
    }
}
