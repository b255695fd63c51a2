using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Listening;

/// <summary>The real program in a real network, whose Tailscale interface comes, changes, and goes.</summary>
[TestClass]
public sealed class TailscaleComesAndGoesTests
{
    private const string Lan = "192.168.77.1:11500";
    private const string First = "100.101.102.103";
    private const string Second = "100.101.102.104";
    private const string Six = "fd7a:115c:a1e0::7b01:6667";

    private const string FirstPoint = $"{First}:11434";
    private const string SecondPoint = $"{Second}:11434";
    private const string SixPoint = $"[{Six}]:11434";

    [TestMethod]
    public async Task Addresses_AreFollowed_WhileAStreamOnAnotherListenerGoesOn()
    {
        await using Household house = await Household.MoveInAsync();
        house.Start("tailscale:11434", "lan0:11500");
        Assert.AreEqual(1, house.CountLogged("There is no address for tailscale:11434 yet"));
        house.CheckBound(Lan);
        RunningStream lan = await RunningStream.StartAsync(await house.FromNeighbourAsync(Lan), house.Upstream);

        await house.BeginTailscaleAsync();
        await house.AddAsync($"{First}/10");
        await house.AddAsync($"{Six}/48");
        house.Gate.WaitFor($"Listening on {FirstPoint}");
        house.Gate.WaitFor($"Listening on {SixPoint}");
        house.CheckBound(Lan, FirstPoint, SixPoint);
        await house.ServeAsync(await house.FromTailnetAsync(FirstPoint));
        await house.ServeAsync(await house.FromTailnetAsync(SixPoint));
        await lan.MoreAsync();

        // Another machine of the account gets the address, and gives it back: what was in flight on it continues.
        RunningStream tailnet = await RunningStream.StartAsync(
            await house.FromTailnetAsync(FirstPoint),
            house.Upstream
        );
        await house.RemoveAsync($"{First}/10");
        await house.AddAsync($"{Second}/10");
        house.Gate.WaitFor($"Listening on {SecondPoint}");
        Assert.AreEqual(1, house.CountLogged($"No longer listening on {FirstPoint}"));
        house.CheckBound(Lan, SecondPoint, SixPoint);
        await house.ServeAsync(await house.FromTailnetAsync(SecondPoint));
        await house.RemoveAsync($"{Second}/10");
        await house.AddAsync($"{First}/10");
        house.Gate.WaitFor($"Listening on {FirstPoint}");
        house.CheckBound(Lan, FirstPoint, SixPoint);
        await tailnet.MoreAsync();
        await tailnet.EndAsync();
        await lan.MoreAsync();

        await house.EndTailscaleAsync();
        house.Gate.WaitFor("There is no address for tailscale:11434 any more");
        house.CheckBound(Lan);
        await lan.MoreAsync();
        await house.BeginTailscaleAsync();
        await house.AddAsync($"{First}/10");
        house.Gate.WaitFor($"Listening on {FirstPoint}");
        house.CheckBound(Lan, FirstPoint);
        await house.ServeAsync(await house.FromTailnetAsync(FirstPoint));

        await lan.MoreAsync();
        await lan.EndAsync();
        house.Gate.Signal("TERM");
        Assert.AreEqual(0, await house.Gate.ExitAsync(), house.Gate.Output);
        await house.CheckEverBoundAsync(Lan, FirstPoint, SecondPoint, SixPoint);
        CheckToldOnce(house);
    }

    [TestMethod]
    public async Task ProcessThatWasStopped_LooksAtOnceWhenItGoesOn()
    {
        await using Household house = await Household.MoveInAsync();
        await house.BeginTailscaleAsync();
        await house.AddAsync($"{First}/10");
        house.Start("tailscale:11434");
        house.CheckBound(FirstPoint);

        house.Gate.Signal("STOP");
        await house.RemoveAsync($"{First}/10");
        await house.AddAsync($"{Second}/10");
        house.Gate.Signal("CONT");
        house.Gate.WaitFor($"Listening on {SecondPoint}");
        house.CheckBound(SecondPoint);
        await house.ServeAsync(await house.FromTailnetAsync(SecondPoint));
        await house.CheckEverBoundAsync(FirstPoint, SecondPoint);
    }

    [TestMethod]
    public async Task PeerOutsideTheTailnet_IsClosed_ThoughItReachesTheAddress()
    {
        await using Household house = await Household.MoveInAsync();
        await house.BeginTailscaleAsync();
        await house.AddAsync($"{First}/10");
        house.Start("tailscale:11434");
        RawClient outside = await house.FromNeighbourAsync(FirstPoint);
        Assert.AreEqual("", await EndAsync(outside));
        house.Gate.WaitFor("A connection from 192.168.77.9 was closed: its address is not in \"from\"");
        Assert.AreEqual(0, house.Upstream.Accepted - WarmConnections, "Nothing of it came through.");
        await house.ServeAsync(await house.FromTailnetAsync(FirstPoint));
    }

    [TestMethod]
    public async Task AddressOfTheMachineThatANeighbourGets_LetsNobodyInAnyMore()
    {
        await using Household house = await Household.MoveInAsync();
        await house.Home.IpAsync("addr add 192.168.77.9/32 dev lo");
        await house.BeginTailscaleAsync();
        await house.AddAsync($"{First}/10");
        house.Start("tailscale:11434", "lan0:11500");
        // The log shows that the gate has polled since.
        await house.Home.IpAsync("addr del 192.168.77.9/32 dev lo");
        await house.Home.IpAsync("addr add 192.168.78.1/24 dev lan0");
        house.Gate.WaitFor("Listening on 192.168.78.1:11500");
        Assert.AreEqual("", await EndAsync(await house.FromNeighbourAsync(FirstPoint)));
        house.Gate.WaitFor("A connection from 192.168.77.9 was closed");
    }

    [TestMethod]
    public async Task Interface_IsFollowed()
    {
        await using Household house = await Household.MoveInAsync();
        house.Start("lan0:11500");
        house.CheckBound(Lan);
        RunningStream stream = await RunningStream.StartAsync(await house.FromNeighbourAsync(Lan), house.Upstream);
        await house.Home.IpAsync("addr add 192.168.78.1/24 dev lan0");
        house.Gate.WaitFor("Listening on 192.168.78.1:11500");
        house.CheckBound(Lan, "192.168.78.1:11500");
        await house.Home.IpAsync("addr del 192.168.78.1/24 dev lan0");
        house.Gate.WaitFor("No longer listening on 192.168.78.1:11500: lan0:11500 has lost that address");
        house.CheckBound(Lan);
        await stream.MoreAsync();
        await stream.EndAsync();
        await house.CheckEverBoundAsync(Lan, "192.168.78.1:11500");
    }

    [TestMethod]
    public async Task IPv6AddressThatIsStillAskedFor_IsBoundWhenItCanBe_AndToldOnce()
    {
        await using Household house = await Household.MoveInAsync();
        await house.BeginSilentTailscaleAsync();
        await house.AddAsync($"{Six}/48");
        house.Start("tailscale:11434");
        Assert.AreEqual(1, house.CountLogged($"{SixPoint} cannot be bound yet"), house.Gate.Output);
        house.CheckBound();
        await house.AnswerAsync();
        house.Gate.WaitFor($"Listening on {SixPoint}");
        house.CheckBound(SixPoint);
        Assert.AreEqual(1, house.CountLogged("cannot be bound yet"));
        Assert.AreEqual(0, house.CountLogged("Cannot listen"));
    }

    [TestMethod]
    public async Task PortThatAnotherProgramHas_IsToldOnceWithTheCure_AndTakenWhenItIsFree()
    {
        await using Household house = await Household.MoveInAsync();
        using Socket other = house.Home.Make(() =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, Household.Port));
            socket.Listen();
            return socket;
        });
        house.Start("tailscale:11434", "lan0:11500");
        await house.BeginTailscaleAsync();
        await house.AddAsync($"{First}/10");
        house.Gate.WaitFor($"Cannot listen on {FirstPoint}: another program listens there");
        await house.Home.IpAsync("addr add 192.168.78.1/24 dev lan0");
        house.Gate.WaitFor("Listening on 192.168.78.1:11500");
        other.Dispose();
        house.Gate.WaitFor($"Listening on {FirstPoint}");
        await house.ServeAsync(await house.FromTailnetAsync(FirstPoint));
        Assert.AreEqual(1, house.CountLogged("Cannot listen"));
        Assert.AreEqual(1, house.CountLogged("OLLAMA_HOST=127.0.0.1"));
    }

    /// <summary>Those that the gate opens for its own use.</summary>
    private const int WarmConnections = 4;

    private static void CheckToldOnce(Household house)
    {
        Assert.AreEqual(3, house.CountLogged($"Listening on {FirstPoint}"), house.Gate.Output);
        Assert.AreEqual(2, house.CountLogged($"No longer listening on {FirstPoint}"));
        Assert.AreEqual(1, house.CountLogged($"Listening on {SecondPoint}"));
        Assert.AreEqual(1, house.CountLogged($"No longer listening on {SecondPoint}"));
        Assert.AreEqual(1, house.CountLogged($"Listening on {SixPoint}"));
        Assert.AreEqual(1, house.CountLogged($"No longer listening on {SixPoint}"));
        Assert.AreEqual(1, house.CountLogged("There is no address for tailscale:11434 any more"));
        Assert.AreEqual(0, house.CountLogged(" error "), house.Gate.Output);
    }

    /// <summary>What comes until the other end closes, be it by a reset.</summary>
    private static async Task<string> EndAsync(RawClient client)
    {
        try
        {
            return Encoding.Latin1.GetString(await client.Connection.ReadToEndAsync());
        }
        catch (SocketException)
        {
            // It was closed before its handshake was over here.
            return "";
        }
    }
}
