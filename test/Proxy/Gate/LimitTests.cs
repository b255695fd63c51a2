using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using FastGate.Test.Abuse;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

/// <summary>Which peers are accepted, and how many connections.</summary>
[TestClass]
public sealed class LimitTests
{
    [TestMethod, BothBackends]
    public async Task PeerWithTooManyConnections_IsClosedAtOnce(Way way)
    {
        await using Scene scene = await Scene.StartAsync(
            way,
            Limited(limits => limits with { ConnectionsPerPeerMax = 2 })
        );
        RawClient first = await scene.ConnectAsync();
        RawClient second = await scene.ConnectAsync();
        await CheckServedAsync(first);
        await CheckServedAsync(second);
        RawClient third = await scene.ConnectAsync();
        Assert.IsEmpty(await third.Connection.ReadToEndAsync());
        first.Dispose();
        await AwaitServedAsync(scene);
    }

    [TestMethod, BothBackends]
    public async Task ConnectionLimit_NextWaitsInTheBacklog(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way, Limited(limits => limits with { ConnectionsMax = 2 }));
        RawClient first = await scene.ConnectAsync();
        RawClient second = await scene.ConnectAsync();
        // Both have a request in progress, so neither can make room.
        await first.SendAsync(Scene.Get);
        await second.SendAsync(Scene.Get);
        await scene.NextUpstreamAsync();
        await scene.NextUpstreamAsync();
        RawClient third = await scene.ConnectAsync();
        await third.SendAsync(Scene.Forbidden);
        Task<RawResponse> answer = third.ReadResponseAsync();
        Assert.AreEqual(2, await scene.Gate.SessionsAsync());
        Assert.IsFalse(answer.IsCompleted);
        second.Connection.Abort();
        Assert.AreEqual(403, (await answer).Status);
        // A FIN alone would leave its request in progress, and the gate's shutdown would wait for it.
        first.Connection.Abort();
    }

    [TestMethod, BothBackends]
    public async Task HeadOverTheLimit_IsRefusedWithTheConfiguredLimit(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way, Limited(limits => limits with { HeadBytesMax = 1500 }));
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync($"GET /api/version HTTP/1.1\r\nHost: gate\r\nX: {new string('x', 1500)}\r\n\r\n");
        RawResponse response = await client.ReadResponseAsync();
        Assert.AreEqual(431, response.Status);
        Assert.Contains("the limit is 1500 bytes (\\\"limits.headBytesMax\\\" in fastgate.json)", response.Text);
    }

    [TestMethod, BothBackends]
    public async Task PeerOutsideFrom_IsClosedAtOnce(Way way)
    {
        Assert.IsTrue(AddressRange.TryParse("10.0.0.0/8", out AddressRange elsewhere, out _));
        await using Scene scene = await Scene.StartAsync(
            way,
            options => options with { Listeners = [options.Listeners[0] with { From = [elsewhere] }] }
        );
        RawClient client = await scene.ConnectAsync();
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
    }

    [TestMethod, BothBackends]
    public async Task ThousandIdleConnections_HoldNoBuffer(Way way)
    {
        const int connections = 1000;
        await using Scene scene = await Scene.StartAsync(
            way,
            Limited(limits => limits with { ConnectionsMax = connections, ConnectionsPerPeerMax = connections })
        );
        for (int i = 0; i < connections; i++)
            await CheckServedAsync(await scene.ConnectAsync());
        Loop loop = scene.Gate.Gate.Workers[0].Loop;
        Assert.AreEqual(0, await loop.PostAsync(() => loop.Buffers.Lent));
    }

    [TestMethod, BothBackends]
    public async Task EndedConnections_LeaveNothingBehind(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        Worker worker = scene.Gate.Gate.Workers[0];
        for (int i = 0; i < 20; i++)
        {
            (RawClient client, RawConnection upstream) = await scene.ConnectThroughAsync();
            await client.SendAsync(Scene.Post(10, "half"));
            await upstream.ReadThroughAsync("half"u8.ToArray());
            if (i % 2 == 0)
                client.Connection.Abort();
            else
                upstream.Abort();
            client.Dispose();
        }
        while (await worker.Loop.PostAsync(() => worker.SessionCount) > 0)
            await Task.Yield();
        Assert.AreEqual(0, await worker.Loop.PostAsync(() => worker.Loop.Buffers.Lent));
    }

    private static Func<GateOptions, GateOptions> Limited(Func<GateLimits, GateLimits> change) =>
        options => options with { Limits = change(options.Limits) };

    private static async Task CheckServedAsync(RawClient client) =>
        Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);

    // The gate may not yet have noticed the end of the other connection.
    private static async Task AwaitServedAsync(Scene scene)
    {
        while (true)
        {
            RawClient client = await scene.ConnectAsync();
            await client.SendAsync(Scene.Forbidden);
            try
            {
                if (await client.Connection.ReceiveAsync())
                    return;
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Closed with the request unread: try again.
            }
        }
    }
}
