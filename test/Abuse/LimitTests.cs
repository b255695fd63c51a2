using System.Net;
using FastGate.Proxy.Gate;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Abuse;

/// <summary>Connection limits hold, and are logged without flooding the log.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux, IgnoreMessage = Peers.OnlyOnLinux)]
public sealed class LimitTests : IDisposable
{
    private const string Forbidden = "GET /api/ps HTTP/1.1\r\nHost: gate\r\n\r\n";

    private readonly TaggingUpstream _upstream = new();
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
                Assert.IsEmpty(
                    await (await ConnectAsync(gate, peer)).Connection.ReadToEndAsync(),
                    "the 257th connection"
                );
        }
        Assert.AreEqual(1024, await gate.SessionsAsync());
        // No request is in progress: the peer with the most connections makes room.
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.AreEqual(403, (await (await ConnectAsync(gate, 9)).ExchangeAsync(Forbidden)).Status);
        Assert.AreEqual(1024, await gate.SessionsAsync());
        Assert.AreEqual(1, CountLogged("127.1.0.1 was closed: it has 256 already (\"limits.connectionsPerPeerMax\")"));
        Assert.AreEqual(
            1,
            CountLogged("All 1024 connections are taken (\"limits.connectionsMax\"), 256 of them by 127.1.0.")
        );
    }

    [TestMethod, BothBackends]
    public async Task FullAndAgain_IsLoggedOnce_AndSoIsItsEnd(Way way)
    {
        await using RunningGate gate = await StartAsync(way, limits => limits with { ConnectionsMax = 10 });
        for (int i = 0; i < 9; i++)
            await EnterAsync(gate, 1);
        Assert.AreEqual(0, CountLogged("connections are taken"));
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
                CountLogged("All 10 connections are taken (\"limits.connectionsMax\"), 9 of them by 127.1.0.2")
            );
            Assert.AreEqual(bout - 1, CountLogged("There is room"));
            _time.Advance(TimeSpan.FromSeconds(11));
            await Until.HoldsAsync(
                () => CountLogged("There is room for new connections again: 9 of 10 are taken.") == bout,
                "the end of the shortage is logged"
            );
        }
    }

    [TestMethod, BothBackends]
    public async Task RejectedPeers_AreLoggedOnceAMinute_AndFew(Way way)
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
            Assert.AreEqual(minute, CountLogged("A connection from 127.1.0.1 was closed"));
            Assert.AreEqual(minute, CountLogged("A connection from 127.1.0.2 was closed"));
            _time.Advance(TimeSpan.FromSeconds(61));
        }
        for (int peer = 2; peer < 50; peer++)
        {
            await EnterAsync(gate, peer);
            Assert.IsEmpty(await (await ConnectAsync(gate, peer)).Connection.ReadToEndAsync());
        }
        Assert.AreEqual(4 + PeerNotices.PeersMax, CountLogged("was closed"));
    }

    /// <summary>
    /// Regression: two accept loops that awaited the same task continued off the loop, and the connections they
    /// accepted went unnoticed.
    /// </summary>
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
        // One client waits at each listener for the one slot that becomes free.
        foreach (IPEndPoint endPoint in gate.Gate.EndPoints)
        {
            RawClient waiting = await RawClient.ConnectAsync(endPoint);
            _clients.Add(waiting);
            await waiting.SendAsync(Forbidden);
        }
        try
        {
            first.Connection.Abort();
            await Until.HoldsAsync(
                () => _clients.Count(client => client.Connection.HasInput) == 1,
                "one waiting client is served"
            );
            Assert.AreEqual(2, await gate.SessionsAsync());
            _clients.Single(client => client.Connection.HasInput).Dispose();
            await Until.HoldsAsync(
                () => _clients.Count(client => client.Connection.HasInput) == 1,
                "the other client is served"
            );
            Assert.AreEqual(2, await gate.SessionsAsync());
        }
        finally
        {
            // Otherwise the gate's shutdown would wait for this request, on a clock that does not advance.
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

    // Begins a request and leaves it incomplete, so that the connection is not closed to make room.
    private async Task<RawClient> BeginAsync(RunningGate gate, int peer)
    {
        RawClient client = await ConnectAsync(gate, peer);
        CheckedRequest request = new(
            "POST",
            "/v1/chat/completions",
            new ResponsePlan(peer, ResponseFraming.Length, 10, 10)
        )
        {
            Content = new byte[10],
        };
        await client.Connection.SendAsync(request.Wire().AsMemory()[..^1]);
        await Until.HoldsAsync(
            async () => (await gate.Gate.TakeSnapshotAsync()).InFlight.Count == _clients.Count,
            "the request is in progress"
        );
        return client;
    }

    private async Task LeaveAsync(RunningGate gate, RawClient client, int leaves)
    {
        _clients.Remove(client);
        client.Dispose();
        await Until.HoldsAsync(async () => await gate.SessionsAsync() == leaves, "the session has ended");
    }

    private int CountLogged(string text) =>
        _log.Lines.Count(line => line.Text.Contains(text, StringComparison.Ordinal));
}
