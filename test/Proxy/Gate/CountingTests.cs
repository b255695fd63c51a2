using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Metrics;
using FastGate.Test.Proxy.Metrics;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

/// <summary>The gate's counts match what was sent, to the last byte.</summary>
[TestClass]
public sealed class CountingTests
{
    private const string WrongMethod = "DELETE /api/version HTTP/1.1\r\nHost: gate\r\n\r\n";
    private const string WrongHost = "GET /api/version HTTP/1.1\r\nHost: gate.example.com\r\n\r\n";

    [TestMethod, BothBackends]
    public async Task KnownMixture_IsCountedExactly(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        await AskAsync(scene, allowed: 5, forbidden: 3);
        (RawClient odd, _) = await scene.ConnectThroughAsync();
        Assert.AreEqual(403, (await odd.ExchangeAsync(WrongMethod)).Status);
        Assert.AreEqual(403, (await odd.ExchangeAsync(WrongHost)).Status);
        odd.Dispose();
        await SendAndEndAsync(scene, "GET  /api/version HTTP/1.1\r\n\r\n");
        await SendAndEndAsync(scene, "GET /api/ver");
        await AskOnceAsync(
            scene,
            Scene.Get.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal),
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
        );
        await AskOnceAsync(scene, Scene.Get, "HTTP/1.1 2x0 no\r\n\r\n");
        await LeaveAsync(scene);

        GateSnapshot counted = await scene.Gate.CountsAsync(exchanges: 16, ended: 7);
        ListenerSnapshot listener = counted.Listeners.Single();
        Assert.AreEqual(
            "head-incomplete 1, allowed 9, head-fault 1, refused-path 3, refused-method 1, refused-host 1",
            listener.Verdicts.Describe()
        );
        // The incomplete head and the request whose client disconnected have none.
        Assert.AreEqual("none 2, 2xx 7, 4xx 6, 5xx 1", listener.Statuses.Describe());
        Assert.AreEqual("GET,HEAD /api/version 9", listener.RuleCounts.Describe());
        Assert.AreEqual(
            "client-idle 2, client-head 1, client-response 1, client-close 1, upstream-fault 1, gate-head-fault 1",
            counted.ConnectionsClosed.Describe()
        );
        Assert.AreEqual(7, listener.Connections);
        Assert.AreEqual(0, listener.ConnectionsOpen);
        Assert.AreEqual(0, counted.InFlight.Count);
        Assert.AreEqual(15, counted.GateTime.Count, "of all but the head that never came whole");
        Assert.AreEqual(7, counted.FirstByteTime.Count, "of those that Ollama answered");
        Assert.AreEqual(7, counted.FirstByte.Single().Count);
        Assert.IsTrue(counted.GateTime.P50Seconds is > 0 and < 1);
        Assert.IsTrue(counted.GateTime.MaxSeconds >= counted.GateTime.P99Seconds);
    }

    [TestMethod, BothBackends]
    public async Task Bytes_AreThoseOnTheWire(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        string refused = Scene.Forbidden.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal);
        RawClient one = await scene.ConnectAsync();
        await one.SendAsync(refused);
        int down = (await one.Connection.ReadToEndAsync()).Length;
        one.Dispose();
        (RawClient two, RawConnection upstream) = await scene.ConnectThroughAsync();
        string post = Scene.Post(3000, new string('x', 3000));
        await two.SendAsync(post);
        await upstream.ReadHeadAsync();
        await upstream.ReadExactlyAsync(3000);
        await upstream.SendAsync(Scene.Ok);
        await two.ReadResponseAsync();
        GateSnapshot counted = await scene.Gate.CountsAsync(exchanges: 3, ended: 1);
        Assert.AreEqual(refused.Length + Scene.Get.Length + post.Length, counted.Listeners[0].BytesReceived);
        Assert.AreEqual(down + (2 * Scene.Ok.Length), counted.Listeners[0].BytesSent);
        Assert.AreEqual(1, counted.Listeners[0].ConnectionsOpen);
    }

    [TestMethod, BothBackends]
    public async Task TwoLoopsAndTwoListeners_AreSummedAndKeptApart(Way way)
    {
        await using Scene scene = await Scene.StartAsync(
            way,
            options =>
                options with
                {
                    Loops = 2,
                    Listeners =
                    [
                        options.Listeners[0],
                        options.Listeners[0] with
                        {
                            Policy = RunningGate.Policy(options.Upstream.EndPoint, ["GET /api/ps"]),
                        },
                    ],
                }
        );
        for (int i = 0; i < 4; i++)
            await AskAsync(scene, allowed: 2, forbidden: 3);
        using RawClient other = await RawClient.ConnectAsync(scene.Gate.Gate.EndPoints[1]);
        Assert.AreEqual(403, (await other.ExchangeAsync(Scene.Get)).Status);
        GateSnapshot counted = await scene.Gate.CountsAsync(exchanges: 21, ended: 4);
        Assert.AreEqual("allowed 8, refused-path 12", counted.Listeners[0].Verdicts.Describe());
        Assert.AreEqual("refused-path 1", counted.Listeners[1].Verdicts.Describe());
        Assert.AreEqual("127.0.0.1:0 #2", counted.Listeners[1].Name, "no two have one name");
        Assert.AreEqual(scene.Gate.Gate.EndPoints[1].ToString(), counted.Listeners[1].Bound.Single());
        Assert.AreEqual(4, counted.Listeners[0].Connections);
        Assert.AreEqual(21, counted.GateTime.Count);
        foreach (Worker worker in scene.Gate.Gate.Workers)
            Assert.AreEqual(
                10,
                worker.Tally.Listeners[0].OfVerdict((int)VerdictKind.Allowed)
                    + worker.Tally.Listeners[0].OfVerdict((int)VerdictKind.Path)
            );
    }

    [TestMethod, BothBackends]
    public async Task Reload_KeepsWhatWasCounted(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        (RawClient client, RawConnection upstream) = await scene.ConnectThroughAsync();
        scene.Gate.Gate.Apply([RunningGate.Policy(scene.Upstream.Endpoint, ["GET /api/ps", "GET,HEAD /api/version"])]);
        scene.Gate.Gate.CountRefusedReload();
        await client.SendAsync(Scene.Forbidden);
        await upstream.RespondAsync();
        await client.ReadResponseAsync();
        await client.SendAsync(Scene.Get);
        await upstream.RespondAsync();
        await client.ReadResponseAsync();
        scene.Gate.Gate.Apply([RunningGate.Policy(scene.Upstream.Endpoint, ["GET /api/ps"])]);
        GateSnapshot counted = await scene.Gate.CountsAsync(exchanges: 3);
        Assert.AreEqual("GET,HEAD /api/version 2 retired, GET /api/ps 1", counted.Listeners[0].RuleCounts.Describe());
        Assert.AreEqual("2 1", $"{counted.Reloads} {counted.ReloadsFailed}");
        Assert.AreEqual(1, counted.Listeners[0].Rules);
        Assert.AreEqual("allowed 3", counted.Listeners[0].Verdicts.Describe());
    }

    [TestMethod, BothBackends]
    public async Task RequestUnderWay_IsInFlight_AndNotCountedYet(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        (RawClient client, RawConnection upstream) = await scene.ConnectThroughAsync();
        await client.SendAsync(Scene.Get);
        await upstream.ReadHeadAsync();
        GateSnapshot counted = await scene.Gate.Gate.TakeSnapshotAsync();
        Assert.AreEqual(1, counted.InFlight.Count);
        Assert.AreEqual(1, counted.Listeners[0].Verdicts.All());
        await upstream.SendAsync(Scene.Ok);
        await client.ReadResponseAsync();
        Assert.AreEqual(0, (await scene.Gate.CountsAsync(exchanges: 2)).InFlight.Count);
    }

    [TestMethod, BothBackends]
    [OSCondition(OperatingSystems.Linux, IgnoreMessage = Abuse.Peers.OnlyOnLinux)]
    public async Task RejectedConnection_IsCountedByItsReason(Way way)
    {
        Assert.IsTrue(AddressRange.TryParse("127.0.0.1", out AddressRange self, out _));
        await using Scene scene = await Scene.StartAsync(
            way,
            options =>
                options with
                {
                    Listeners = [options.Listeners[0] with { From = [self] }],
                    Limits = options.Limits with { ConnectionsPerPeerMax = 1 },
                }
        );
        (RawClient client, _) = await scene.ConnectThroughAsync();
        using RawClient second = await RawClient.ConnectAsync(scene.Gate.Endpoint);
        Assert.IsEmpty(await second.Connection.ReadToEndAsync());
        using RawClient outsider = await RawClient.ConnectAsync(
            scene.Gate.Endpoint,
            System.Net.IPAddress.Parse("127.0.0.9")
        );
        Assert.IsEmpty(await outsider.Connection.ReadToEndAsync());
        ListenerSnapshot listener = (await scene.Gate.Gate.TakeSnapshotAsync()).Listeners[0];
        Assert.AreEqual("gate-peer-not-allowed 1, gate-peer-limit 1", listener.ConnectionsRejected.Describe());
        Assert.AreEqual(1, listener.Connections, "those were never in");
    }

    [TestMethod, BothBackends]
    public async Task UnreachableOllama_IsCounted_AndSoIsItsRule(Way way)
    {
        using RawUpstream gone = new();
        gone.Dispose();
        await using RunningGate gate = await RunningGate.StartAsync(gone.Endpoint, way, ["@seed"]);
        using RawClient client = await RawClient.ConnectAsync(gate.Endpoint);
        Assert.AreEqual(503, (await client.ExchangeAsync(Scene.Get)).Status);
        GateSnapshot counted = await gate.CountsAsync(exchanges: 1);
        Assert.AreEqual("unavailable 1", counted.Listeners[0].Verdicts.Describe());
        Assert.AreEqual("GET,HEAD /api/version 1", counted.Listeners[0].RuleCounts.Describe());
        Assert.AreEqual(0, counted.ReadyConnections);
    }

    [TestMethod, BothBackends]
    public async Task SnapshotsUnderLoad_AddUp(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        using CancellationTokenSource over = new();
        Task<int> polling = Task.Run(() => PollAsync(scene.Gate, over.Token));
        for (int i = 0; i < 40; i++)
            await AskAsync(scene, allowed: 10, forbidden: 10);
        await over.CancelAsync();
        Assert.IsGreaterThan(10, await polling);
        GateSnapshot last = await scene.Gate.CountsAsync(exchanges: 800, ended: 40);
        Assert.AreEqual("allowed 400, refused-path 400", last.Listeners[0].Verdicts.Describe());
        Assert.AreEqual(40, last.ConnectionsClosed.All());
    }

    private static async Task<int> PollAsync(RunningGate gate, CancellationToken over)
    {
        int polls = 0;
        for (GateSnapshot? before = null; !over.IsCancellationRequested; polls++)
        {
            GateSnapshot now = await gate.Gate.TakeSnapshotAsync();
            ListenerSnapshot listener = now.Listeners[0];
            long all = listener.Verdicts.All();
            Assert.IsLessThanOrEqualTo(all, listener.Statuses.All());
            Assert.IsLessThanOrEqualTo(all, now.GateTime.Count);
            Assert.IsLessThanOrEqualTo(all, now.FirstByteTime.Count);
            Assert.IsLessThanOrEqualTo(listener.Verdicts.Of("allowed"), listener.RuleCounts.Sum(rule => rule.Count));
            Assert.IsLessThanOrEqualTo(listener.Connections, now.ConnectionsClosed.All());
            Assert.IsGreaterThanOrEqualTo(0, listener.ConnectionsOpen);
            Assert.AreEqual(now.InFlight.Count, now.InFlight.Phases.All());
            Assert.IsGreaterThanOrEqualTo(before?.Listeners[0].Verdicts.All() ?? 0, all);
            Assert.IsGreaterThanOrEqualTo(before?.GateTime.Count ?? 0, now.GateTime.Count);
            before = now;
        }
        return polls;
    }

    /// <summary>Sends this many requests on one connection, and closes it.</summary>
    private static async Task AskAsync(Scene scene, int allowed, int forbidden)
    {
        (RawClient client, RawConnection upstream) = await scene.ConnectThroughAsync();
        for (int i = 1; i < allowed; i++)
        {
            await client.SendAsync(Scene.Get);
            await upstream.RespondAsync();
            Assert.AreEqual(200, (await client.ReadResponseAsync()).Status);
        }
        for (int i = 0; i < forbidden; i++)
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        client.Dispose();
    }

    private static async Task SendAndEndAsync(Scene scene, string bytes)
    {
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(bytes);
        client.Connection.FinishSending();
        await client.Connection.ReadToEndAsync();
        client.Dispose();
    }

    private static async Task AskOnceAsync(Scene scene, string request, string answer)
    {
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(request);
        await (await scene.NextUpstreamAsync()).RespondAsync(answer);
        await client.Connection.ReadToEndAsync();
        client.Dispose();
    }

    private static async Task LeaveAsync(Scene scene)
    {
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get);
        await (await scene.NextUpstreamAsync()).ReadHeadAsync();
        client.Connection.Abort();
    }
}
