using System.Net;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Test.Abuse;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

/// <summary>
/// Regression: idle connections that took every slot kept all other clients out for the idle timeout of ten minutes;
/// four addresses were enough.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class MakingRoomTests : IDisposable
{
    private readonly TaggingUpstream _upstream = new();
    private readonly List<RawClient> _clients = [];

    public void Dispose()
    {
        foreach (RawClient client in _clients)
            client.Dispose();
        _upstream.Dispose();
    }

    [TestMethod, BothBackends]
    [Timeout(60_000)]
    public async Task AllPlacesIdle_AnotherPeerIsServed(Way way)
    {
        await using RunningGate gate = await StartAsync(way, limits => limits);
        for (int peer = 0; peer < 4; peer++)
        {
            for (int i = 0; i < 256; i++)
                await ConnectAsync(gate, peer);
        }
        await Until.HoldsAsync(async () => await gate.SessionsAsync() == 1024, "all slots are taken");
        for (int i = 0; i < 20; i++)
        {
            RawClient other = await ConnectAsync(gate, 10 + i);
            Assert.AreEqual(403, (await other.ExchangeAsync(Scene.Forbidden)).Status);
        }
        Assert.IsLessThanOrEqualTo(1024, await gate.SessionsAsync());
    }

    [TestMethod, BothBackends]
    public async Task LongestIdleOfThePeerWithMost_MakesRoom(Way way)
    {
        await using RunningGate gate = await StartAsync(way, limits => limits with { ConnectionsMax = 6 });
        RawClient small = await EnterAsync(gate, 0);
        RawClient first = await EnterAsync(gate, 1);
        RawClient second = await EnterAsync(gate, 1);
        RawClient third = await EnterAsync(gate, 1);
        await EnterAsync(gate, 2);
        await EnterAsync(gate, 2);
        // The first has been used since; the second has been idle longest, although a head has begun on the third.
        Assert.AreEqual(403, (await first.ExchangeAsync(Scene.Forbidden)).Status);
        await third.SendAsync("GET /api");
        await EnterAsync(gate, 3);
        Assert.IsEmpty(await second.Connection.ReadToEndAsync());
        Assert.AreEqual(403, (await first.ExchangeAsync(Scene.Forbidden)).Status);
        await third.SendAsync(Scene.Forbidden["GET /api".Length..]);
        Assert.AreEqual(403, (await third.ReadResponseAsync()).Status);
        Assert.AreEqual(403, (await small.ExchangeAsync(Scene.Forbidden)).Status);
        Assert.AreEqual(
            1,
            (await gate.Gate.TakeSnapshotAsync()).ConnectionsClosed.Single(close => close.Name == "gate-full").Count
        );
    }

    [TestMethod, BothBackends]
    public async Task HeadThatNeverEnds_KeepsNoPlace(Way way)
    {
        await using RunningGate gate = await StartAsync(
            way,
            limits =>
                limits with
                {
                    ConnectionsMax = 4,
                    HeadTime = TimeSpan.FromSeconds(1),
                    LingerTime = TimeSpan.FromSeconds(0.2),
                }
        );
        for (int i = 0; i < 4; i++)
            await (await ConnectAsync(gate, 1)).SendAsync("G");
        await Until.HoldsAsync(async () => await gate.BuffersInUseAsync() == 4, "four heads have begun");
        await EnterAsync(gate, 2);
        await EnterAsync(gate, 3);
    }

    [TestMethod, BothBackends]
    public async Task RequestInProgress_IsNeverClosedForAnother(Way way)
    {
        await using Scene scene = await Scene.StartAsync(
            way,
            options => options with { Limits = options.Limits with { ConnectionsMax = 2 } }
        );
        RawClient[] busy = [await scene.ConnectAsync(), await scene.ConnectAsync()];
        List<RawConnection> upstreams = [];
        foreach (RawClient client in busy)
        {
            await client.SendAsync(Scene.Get);
            upstreams.Add(await scene.NextUpstreamAsync());
        }
        RawClient waiting = await scene.ConnectAsync();
        await waiting.SendAsync(Scene.Forbidden);
        foreach (RawConnection upstream in upstreams)
            await upstream.ReadHeadAsync();
        Assert.AreEqual(2, await scene.Gate.SessionsAsync());
        Assert.IsFalse(waiting.Connection.HasInput);
        // One of them gets its response and becomes idle: the gate notices that without a disconnect.
        await upstreams[0].SendAsync(Scene.Ok);
        Assert.AreEqual(403, (await waiting.ReadResponseAsync()).Status);
        await upstreams[1].SendAsync(Scene.Ok);
        int answered = 0;
        foreach (RawClient client in busy)
            answered += (await client.ReadResponseAsync()).Text == "ok" ? 1 : 0;
        Assert.AreEqual(2, answered);
    }

    [TestMethod, BothBackends]
    public async Task OutsidersAndPeersWithTooMany_CloseNoConnection(Way way)
    {
        Assert.IsTrue(AddressRange.TryParse("127.1.0.0/24", out AddressRange inside, out _));
        await using RunningGate gate = await StartAsync(
            way,
            limits => limits with { ConnectionsMax = 3, ConnectionsPerPeerMax = 2 },
            options => [options.Listeners[0] with { From = [inside] }]
        );
        RawClient[] present = [await EnterAsync(gate, 0), await EnterAsync(gate, 0), await EnterAsync(gate, 1)];
        Assert.IsEmpty(await (await ConnectAsync(gate, 0)).Connection.ReadToEndAsync());
        Assert.IsEmpty(await (await ConnectAsync(gate, 300)).Connection.ReadToEndAsync());
        foreach (RawClient client in present)
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
    }

    [TestMethod, BothBackends]
    public async Task SeveralLoops_MakeRoomAsOne(Way way)
    {
        await using RunningGate gate = await StartAsync(way, limits => limits with { ConnectionsMax = 8 }, loops: 3);
        for (int i = 0; i < 8; i++)
            await EnterAsync(gate, i % 2);
        for (int i = 0; i < 6; i++)
            await EnterAsync(gate, 2 + i);
        Assert.IsLessThanOrEqualTo(8, gate.Gate.Admission.Count);
    }

    /// <summary>Two clients that wait for a slot must not evict each other before they are served.</summary>
    [TestMethod, BothBackends]
    public async Task NewConnection_IsServedBeforeItMakesRoom(Way way)
    {
        await using RunningGate gate = await StartAsync(way, limits => limits with { ConnectionsMax = 2 });
        await EnterAsync(gate, 0);
        await EnterAsync(gate, 1);
        RawClient[] many = await Task.WhenAll(Enumerable.Range(2, 6).Select(peer => ConnectAsync(gate, peer)));
        foreach (RawClient client in many)
            await client.SendAsync(Scene.Forbidden);
        foreach (RawClient client in many)
            Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
    }

    [TestMethod]
    [DataRow("100.64.0.7", "100.64.0.7")]
    [DataRow("fd7a:115c:a1e0::1:2", "fd7a:115c:a1e0::1:2")]
    [DataRow("::1", "::1")]
    [DataRow("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [DataRow("2001:db8:1:2:ffff::", "2001:db8:1:2::/64")]
    [DataRow("fd7a:115c:a1e1::1", "fd7a:115c:a1e1::/64")]
    [DataRow("fe80::1:2", "fe80::/64")]
    public void IPv6OutsideTheTailnet_CountsByBlock(string peer, string group) =>
        Assert.AreEqual(group, PeerGroup.Text(PeerGroup.Of(IPAddress.Parse(peer))));

    [TestMethod]
    public void LinkLocalPeersOfTwoLinks_AreTwo() =>
        Assert.AreNotEqual(PeerGroup.Of(IPAddress.Parse("fe80::1%2")), PeerGroup.Of(IPAddress.Parse("fe80::1%3")));

    private Task<RunningGate> StartAsync(
        Way way,
        Func<GateLimits, GateLimits> change,
        Func<GateOptions, IReadOnlyList<ListenerOptions>>? listeners = null,
        int loops = 1
    )
    {
        GateOptions options = RunningGate.Options(_upstream.Endpoint, way, ["@seed"]);
        return RunningGate.StartAsync(
            options with
            {
                Limits = change(options.Limits),
                Listeners = listeners?.Invoke(options) ?? options.Listeners,
                Loops = loops,
            }
        );
    }

    private async Task<RawClient> ConnectAsync(RunningGate gate, int peer)
    {
        RawClient client = await RawClient.ConnectAsync(gate.Endpoint, Peers.Number(peer));
        lock (_clients)
            _clients.Add(client);
        return client;
    }

    private async Task<RawClient> EnterAsync(RunningGate gate, int peer)
    {
        RawClient client = await ConnectAsync(gate, peer);
        Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        return client;
    }
}
