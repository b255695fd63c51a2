using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Gate;

/// <summary>What a time limit ends, and what it never ends, on a manual clock.</summary>
[TestClass]
public sealed class TimeTests
{
    [TestMethod, BothBackends]
    public async Task ResponseAfterTwentyMinutes_IsNotCutOff(Way way)
    {
        FakeTimeProvider time = new();
        await using Scene scene = await Scene.StartAsync(way, time: time);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Post(2, "{}"));
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        await upstream.ReadExactlyAsync(2);
        for (int minute = 0; minute < 20; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await TurnAsync(scene);
        }
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    [TestMethod, BothBackends]
    public async Task SlowHead_Gets408(Way way)
    {
        FakeTimeProvider time = new();
        await using Scene scene = await Scene.StartAsync(way, time: time);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync("GET /api/ver");
        await BusyAsync(scene);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.AreEqual(408, (await client.ReadResponseAsync()).Status);
        client.Connection.FinishSending();
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
    }

    [TestMethod, BothBackends]
    public async Task IdleConnection_IsClosedAfterTenMinutes(Way way)
    {
        FakeTimeProvider time = new();
        await using Scene scene = await Scene.StartAsync(way, time: time);
        (RawClient client, _) = await scene.ConnectThroughAsync();
        time.Advance(TimeSpan.FromMinutes(9));
        await TurnAsync(scene);
        Assert.AreEqual(
            403,
            (await client.ExchangeAsync(Scene.Forbidden)).Status,
            "Not yet, and the time starts again."
        );
        time.Advance(TimeSpan.FromMinutes(9));
        await TurnAsync(scene);
        Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        await TurnAsync(scene);
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
    }

    [TestMethod, BothBackends]
    public async Task StalledContent_EndsBothSides(Way way)
    {
        FakeTimeProvider time = new();
        await using Scene scene = await Scene.StartAsync(way, time: time);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Post(10, "abc"));
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        await upstream.ReadExactlyAsync(3);
        await TurnAsync(scene);
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.AreEqual(408, (await client.ReadResponseAsync()).Status);
        await Assert.ThrowsExactlyAsync<System.Net.Sockets.SocketException>(() => upstream.ReadToEndAsync());
    }

    // After a turn of the loop, expired timers have fired.
    private static Task<bool> TurnAsync(Scene scene) => scene.Gate.Gate.Workers[0].Loop.PostAsync(() => true);

    // The loop has received the request: an exchange has begun.
    private static async Task BusyAsync(Scene scene)
    {
        while (await scene.Gate.Gate.Workers[0].Loop.PostAsync(() => scene.Gate.Gate.Workers[0].Loop.Buffers.Lent) == 0)
            await Task.Yield();
    }
}
