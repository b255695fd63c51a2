using System.Net;
using FastGate.Proxy.Gate;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Abuse;

/// <summary>The limits of connections hold, and the log says so without becoming a flood itself.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux, IgnoreMessage = Peers.OnlyOnLinux)]
public sealed class LimitTests : IDisposable
{
    private const string Forbidden = "GET /api/ps HTTP/1.1\r\nHost: gate\r\n\r\n";

    private readonly NamingUpstream _upstream = new();
    private readonly RecordingLogger _log = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<RawClient> _clients = [];

    public void Dispose()
    {
        foreach (RawClient client in _clients)
            client.Dispose();
        _upstream.Dispose();
    }

    [TestMethod, BothBackends]
    public async Task DefaultLimits_HoldForOnePeerAndForAll(Way way)
    {
        await using RunningGate gate = await StartAsync(way, limits => limits);
        for (int peer = 0; peer < 4; peer++)
        {
            for (int i = 0; i < 256; i++)
                await EnterAsync(gate, peer);
            if (peer == 0)
                Assert.IsEmpty(await (await ConnectAsync(gate, peer)).Connection.ReadToEndAsync(), "The 257th.");
        }
        Assert.AreEqual(1024, await gate.SessionsAsync());
        // Nobody has a request under way: whoever has most makes room.
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.AreEqual(403, (await (await ConnectAsync(gate, 9)).ExchangeAsync(Forbidden)).Status);
        Assert.AreEqual(1024, await gate.SessionsAsync());
        Assert.AreEqual(1, Said("127.1.0.1 was closed: it has 256 already (\"limits.connectionsPerPeerMax\")"));
        Assert.AreEqual(1, Said("All 1024 connections are taken (\"limits.connectionsMax\"), 256 of them by 127.1.0."));
    }

    [TestMethod, BothBackends]
    public async Task FullAndAgain_IsSaidOnce_AndItsEndOnce(Way way)
    {
        await using RunningGate gate = await StartAsync(way, limits => limits with { ConnectionsMax = 10 });
        for (int i = 0; i < 9; i++)
            await EnterAsync(gate, 1);
        Assert.AreEqual(0, Said("connections are taken"));
        for (int bout = 1; bout <= 2; bout++)
        {
            for (int i = 0; i < 20; i++)
            {
                RawClient last = await EnterAsync(gate, 0);
                _time.Advance(TimeSpan.FromSeconds(9));
                await LeaveAsync(gate, last, leaves: 9);
            }
            Assert.AreEqual(
                bout,
                Said("All 10 connections are taken (\"limits.connectionsMax\"), 9 of them by 127.1.0.2")
            );
            Assert.AreEqual(bout - 1, Said("There is room"));
            _time.Advance(TimeSpan.FromSeconds(11));
            await Until.HoldsAsync(
                () => Said("There is room for new connections again: 9 of 10 are taken.") == bout,
                "its end is said"
            );
        }
    }

    [TestMethod, BothBackends]
    public async Task PeersThatAreTurnedAway_AreNamedOnceAMinute_AndFew(Way way)
    {
        await using RunningGate gate = await StartAsync(way, limits => limits with { ConnectionsPerPeerMax = 1 });
        for (int minute = 1; minute <= 2; minute++)
        {
            for (int peer = 0; peer < 2; peer++)
            {
                if (minute == 1)
                    await EnterAsync(gate, peer);
                for (int i = 0; i < 5; i++)
                    Assert.IsEmpty(await (await ConnectAsync(gate, peer)).Connection.ReadToEndAsync());
            }
            Assert.AreEqual(minute, Said("A connection from 127.1.0.1 was closed"));
            Assert.AreEqual(minute, Said("A connection from 127.1.0.2 was closed"));
            _time.Advance(TimeSpan.FromSeconds(61));
        }
        for (int peer = 2; peer < 50; peer++)
        {
            await EnterAsync(gate, peer);
            Assert.IsEmpty(await (await ConnectAsync(gate, peer)).Connection.ReadToEndAsync());
        }
        Assert.AreEqual(4 + PeerNotices.PeersMax, Said("was closed"));
    }

    /// <summary>Two doorways that waited for one task went on beside the loop, and what they let in was not
    /// noticed.</summary>
    [TestMethod, BothBackends]
    public async Task TwoListeners_ShareTheLastPlace(Way way)
    {
        await using RunningGate gate = await StartAsync(
            way,
            limits => limits with { ConnectionsMax = 2 },
            listeners: 2
        );
        RawClient first = await BeginAsync(gate, 0);
        RawClient second = await BeginAsync(gate, 1);
        // One waits at each listener, for the one place that comes free.
        foreach (IPEndPoint each in gate.Gate.EndPoints)
        {
            RawClient waiting = await RawClient.ConnectAsync(each);
            _clients.Add(waiting);
            await waiting.SendAsync(Forbidden);
        }
        try
        {
            first.Connection.Abort();
            await Until.HoldsAsync(
                () => _clients.Count(client => client.Connection.HasInput) == 1,
                "one of them is served"
            );
            Assert.AreEqual(2, await gate.SessionsAsync());
            _clients.Single(client => client.Connection.HasInput).Dispose();
            await Until.HoldsAsync(
                () => _clients.Count(client => client.Connection.HasInput) == 1,
                "the other as well"
            );
            Assert.AreEqual(2, await gate.SessionsAsync());
        }
        finally
        {
            // The gate's end would wait for this request, on a clock that stands still.
            second.Connection.Abort();
        }
    }

    private Task<RunningGate> StartAsync(Way way, Func<GateLimits, GateLimits> change, int listeners = 1)
    {
        GateOptions options = RunningGate.Options(_upstream.Endpoint, way, ["@seed"]);
        return RunningGate.StartAsync(
            options with
            {
                Limits = change(options.Limits),
                Listeners = [.. Enumerable.Repeat(options.Listeners[0], listeners)],
            },
            _time,
            _log
        );
    }

    private async Task<RawClient> ConnectAsync(RunningGate gate, int peer)
    {
        RawClient client = await RawClient.ConnectAsync(gate.Endpoint, Peers.Number(peer));
        _clients.Add(client);
        return client;
    }

    private async Task<RawClient> EnterAsync(RunningGate gate, int peer)
    {
        RawClient client = await ConnectAsync(gate, peer);
        Assert.AreEqual(403, (await client.ExchangeAsync(Forbidden)).Status);
        return client;
    }

    // A request that is not over, so that nobody makes the connection leave.
    private async Task<RawClient> BeginAsync(RunningGate gate, int peer)
    {
        RawClient client = await ConnectAsync(gate, peer);
        Asking asking = new("POST", "/v1/chat/completions", new AnswerPlan(peer, AnswerForm.Length, 10, 10))
        {
            Content = new byte[10],
        };
        await client.Connection.SendAsync(asking.Wire().AsMemory()[..^1]);
        await Until.HoldsAsync(() => gate.Gate.TakeSnapshot().InFlight == _clients.Count, "it has begun");
        return client;
    }

    private async Task LeaveAsync(RunningGate gate, RawClient client, int leaves)
    {
        _clients.Remove(client);
        client.Dispose();
        await Until.HoldsAsync(async () => await gate.SessionsAsync() == leaves, "the gate has seen it go");
    }

    private int Said(string text) => _log.Lines.Count(line => line.Text.Contains(text, StringComparison.Ordinal));
}
