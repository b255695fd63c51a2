using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastGate.Test.Proxy.Gate;

/// <summary>A gate takes over the listening sockets of another, as at a restart.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class HandoverTests : IDisposable
{
    private readonly RawUpstream _upstream = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fg-");

    private string SocketPath => Path.Combine(_folder.FullName, "handover.sock");

    public void Dispose()
    {
        _upstream.Dispose();
        _folder.Delete(recursive: true);
    }

    [TestMethod, BothBackends]
    public async Task Successor_Accepts_WhileTheOldGateStops(Way way)
    {
        await using GateServer old = await StartAsync(way, [Loopback(0)]);
        IPEndPoint at = old.EndPoints[0];
        await using Handover handover = Offer(old);
        // It waits in the backlog of both gates.
        using RawClient waiting = await RawClient.ConnectAsync(at);
        using Takeover takeover = Take();
        await using GateServer next = await StartAsync(way, [at], takeover);
        Assert.AreEqual(at, next.EndPoints[0]);
        Assert.IsTrue(takeover.TryFinish());
        Task served = ServeAsync();
        Assert.AreEqual(200, (await waiting.ExchangeAsync(Scene.Get)).Status);
        waiting.Connection.FinishSending();
        await handover.HasDrained.WithinDeadline();
        await takeover.WaitUntilDrainedAsync(CancellationToken.None).WithinDeadline();
        Assert.IsEmpty(old.EndPoints);

        using RawClient during = await RawClient.ConnectAsync(at);
        await handover.DisposeAsync();
        await old.DisposeAsync();
        using RawClient after = await RawClient.ConnectAsync(at);
        Assert.AreEqual(200, (await during.ExchangeAsync(Scene.Get)).Status);
        Assert.AreEqual(200, (await after.ExchangeAsync(Scene.Get)).Status);
        Assert.IsFalse(served.IsCompleted);
    }

    [TestMethod, BothBackends]
    public async Task OpenConnection_IsServedOnceMore_AndToldToEnd(Way way)
    {
        await using GateServer old = await StartAsync(way, [Loopback(0)]);
        await using Handover handover = Offer(old);
        _ = ServeAsync();
        using RawClient client = await RawClient.ConnectAsync(old.EndPoints[0]);
        RawResponse before = await client.ExchangeAsync(Scene.Get);
        Assert.IsNull(before.Field("Connection"));
        using RawClient refused = await RawClient.ConnectAsync(old.EndPoints[0]);
        Assert.AreEqual(403, (await refused.ExchangeAsync(Scene.Forbidden)).Status);

        using Takeover takeover = Take();
        Assert.IsTrue(takeover.TryFinish());
        await YieldedAsync(old);
        RawResponse last = await client.ExchangeAsync(Scene.Get);
        Assert.AreEqual(200, last.Status);
        Assert.AreEqual("close", last.Field("Connection"));
        Assert.AreEqual("ok", last.Text);
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
        client.Connection.FinishSending();
        RawResponse lastRefusal = await refused.ExchangeAsync(Scene.Forbidden);
        Assert.AreEqual(403, lastRefusal.Status);
        Assert.AreEqual("close", lastRefusal.Field("Connection"));
        refused.Connection.FinishSending();
        await handover.HasDrained.WithinDeadline();
    }

    [TestMethod, BothBackends]
    public async Task ResponseInFlight_IsFinished_HoweverLongItTakes(Way way)
    {
        await using GateServer old = await StartAsync(
            way,
            [Loopback(0)],
            limits: new GateLimits { DrainTime = TimeSpan.FromMilliseconds(1) }
        );
        await using Handover handover = Offer(old);
        using RawClient client = await RawClient.ConnectAsync(old.EndPoints[0]);
        await client.SendAsync(Scene.Get);
        using RawConnection response = await _upstream.NextAsync();
        await response.RespondAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha");
        Assert.AreEqual("HTTP/1.1 200 OK\r\n", await ReadLineAsync(client));

        using Takeover takeover = Take();
        Assert.IsTrue(takeover.TryFinish());
        await YieldedAsync(old);
        Assert.IsFalse(handover.HasDrained.IsCompleted);
        await response.SendAsync("lf");
        Assert.EndsWith("half", Latin1(await client.Connection.ReadToEndAsync()));
        client.Connection.FinishSending();
        await handover.HasDrained.WithinDeadline();
    }

    // The status line of the first response to a request that is answered twice must not be taken for the last one.
    [TestMethod, BothBackends]
    public async Task InterimResponse_IsPassedAsItIs(Way way)
    {
        await using GateServer old = await StartAsync(way, [Loopback(0)]);
        await using Handover handover = Offer(old);
        using RawClient client = await RawClient.ConnectAsync(old.EndPoints[0]);
        using Takeover takeover = Take();
        Assert.IsTrue(takeover.TryFinish());
        await YieldedAsync(old);
        await client.SendAsync(Scene.Get);
        using RawConnection response = await _upstream.NextAsync();
        await response.RespondAsync("HTTP/1.1 103 Early Hints\r\n\r\n" + Scene.Ok);
        Assert.AreEqual(103, (await client.ReadResponseAsync()).Status);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
    }

    [TestMethod, BothBackends]
    public async Task SuccessorThatDies_LeavesTheOldGateServing(Way way)
    {
        await using GateServer old = await StartAsync(way, [Loopback(Ports.Free())]);
        await using Handover handover = Offer(old);
        IPEndPoint at = old.EndPoints[0];
        _ = ServeAsync();
        using (Takeover takeover = Take())
        await using (await StartAsync(way, [at], takeover))
        {
            Assert.IsTrue(takeover.TryFinish());
            await handover.HasDrained.WithinDeadline();
            Assert.IsEmpty(old.EndPoints);
        }
        await Until.HoldsAsync(() => old.EndPoints.Count == 1, "the old gate listens again");
        using RawClient client = await RawClient.ConnectAsync(at);
        RawResponse response = await client.ExchangeAsync(Scene.Get);
        Assert.AreEqual(200, response.Status);
        Assert.IsNull(response.Field("Connection"));
        Assert.AreEqual(200, (await client.ExchangeAsync(Scene.Get)).Status);

        using Takeover second = Take();
        Assert.HasCount(1, second.Sockets);
        second.Sockets[0].Socket!.Dispose();
    }

    [TestMethod, BothBackends]
    public async Task SuccessorThatNeverServes_ChangesNothing(Way way)
    {
        await using GateServer old = await StartAsync(way, [Loopback(0)]);
        await using Handover handover = Offer(old);
        _ = ServeAsync();
        using (Takeover takeover = Take())
            takeover.Sockets[0].Socket!.Dispose();
        using RawClient client = await RawClient.ConnectAsync(old.EndPoints[0]);
        Assert.AreEqual(200, (await client.ExchangeAsync(Scene.Get)).Status);
        Assert.AreEqual(200, (await client.ExchangeAsync(Scene.Get)).Status);
    }

    [TestMethod, BothBackends]
    public async Task OtherConfig_KeepsWhatItStillListensOn(Way way)
    {
        IPEndPoint four = Loopback(0);
        IPEndPoint six = new(IPAddress.IPv6Loopback, 0);
        await using GateServer old = await StartAsync(way, [four, six, Loopback(0)]);
        await using Handover handover = Offer(old);
        IPEndPoint[] before = [.. old.EndPoints];
        using Takeover takeover = Take();
        Assert.HasCount(3, takeover.Sockets);
        IPEndPoint added = Loopback(Ports.Free());
        await using GateServer next = await StartAsync(way, [before[1], added], takeover);
        CollectionAssert.AreEqual(new[] { before[1], added }, next.EndPoints.ToArray());
        Assert.IsTrue(takeover.TryFinish());
        await handover.HasDrained.WithinDeadline();
        await handover.DisposeAsync();
        await old.DisposeAsync();

        await Assert.ThrowsExactlyAsync<SocketException>(() => RawClient.ConnectAsync(before[0]));
        _ = ServeAsync();
        using RawClient client = await RawClient.ConnectAsync(before[1]);
        Assert.AreEqual(200, (await client.ExchangeAsync(Scene.Get)).Status);
    }

    [TestMethod]
    public async Task AddressThatCannotBeBound_ClosesTheOthers_AndTheOldGateGoesOn()
    {
        await using GateServer old = await StartAsync(Ways.Best, [Loopback(0)]);
        await using Handover handover = Offer(old);
        IPEndPoint at = old.EndPoints[0];
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(Loopback(0));
        taken.Listen();
        using (Takeover takeover = Take())
            await Assert.ThrowsExactlyAsync<BindException>(() =>
                StartAsync(Ways.Best, [at, (IPEndPoint)taken.LocalEndPoint!], takeover)
            );
        _ = ServeAsync();
        using RawClient client = await RawClient.ConnectAsync(at);
        Assert.AreEqual(200, (await client.ExchangeAsync(Scene.Get)).Status);
    }

    [TestMethod]
    public async Task NoGate_OffersNothing()
    {
        Assert.IsNull(Takeover.TryBegin(SocketPath));
        await using (GateServer old = await StartAsync(Ways.Best, [Loopback(0)]))
        await using (Offer(old))
            Assert.IsTrue(File.Exists(SocketPath));
        Assert.IsNull(Takeover.TryBegin(SocketPath));
        // As after a gate that was killed.
        await File.WriteAllTextAsync(SocketPath, "");
        Assert.IsNull(Takeover.TryBegin(SocketPath));
    }

    private static IPEndPoint Loopback(int port) => new(IPAddress.Loopback, port);

    private Task<GateServer> StartAsync(
        Way way,
        IPEndPoint[] endPoints,
        Takeover? takeover = null,
        GateLimits? limits = null
    )
    {
        GateOptions options = RunningGate.Options(_upstream.Endpoint, way, ["@seed"]);
        options = options with
        {
            Limits = limits ?? options.Limits,
            Listeners =
            [
                .. endPoints.Select(endPoint => options.Listeners[0] with { Address = ListenAddress.Of(endPoint) }),
            ],
        };
        return GateServer.StartAsync(options, TimeProvider.System, NullLogger.Instance, inherited: takeover?.Sockets);
    }

    private Handover Offer(GateServer gate)
    {
        Handover? handover = Handover.Start(gate, SocketPath, TimeProvider.System, NullLogger.Instance);
        Assert.IsNotNull(handover);
        return handover;
    }

    private Takeover Take()
    {
        Takeover? takeover = Takeover.TryBegin(SocketPath);
        Assert.IsNotNull(takeover);
        return takeover;
    }

    // Once nothing is bound, the loops have been told as well.
    private static Task YieldedAsync(GateServer gate) =>
        Until.HoldsAsync(
            () => gate.EndPoints.Count == 0 && gate.Workers.All(worker => worker.IsDraining),
            "the old gate yields"
        );

    private async Task ServeAsync()
    {
        while (true)
        {
            RawConnection connection = await _upstream.NextAsync();
            _ = AnswerAsync(connection);
        }
    }

    private static async Task AnswerAsync(RawConnection connection)
    {
        using (connection)
        {
            while (!connection.Held.IsEmpty || await connection.ReceiveAsync())
                await connection.RespondAsync();
        }
    }

    private static async Task<string> ReadLineAsync(RawClient client) =>
        Latin1(await client.Connection.ReadThroughAsync("\r\n"u8.ToArray()));

    private static string Latin1(byte[] bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
