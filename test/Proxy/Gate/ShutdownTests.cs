using System.Net.Sockets;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Gate;

/// <summary>The gate stops, or its rules are reloaded.</summary>
[TestClass]
public sealed class ShutdownTests
{
    [TestMethod, BothBackends]
    public async Task Stop_LetsResponsesFinishAndEndsTheRest(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        (RawClient idle, _) = await scene.ConnectThroughAsync();
        RawClient busy = await scene.ConnectAsync();
        await busy.SendAsync(Scene.Get);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha");
        Task stopping = scene.Gate.Gate.StopAsync();
        Assert.IsEmpty(await idle.Connection.ReadToEndAsync());
        await Assert.ThrowsExactlyAsync<SocketException>(scene.ConnectAsync);
        Assert.IsFalse(stopping.IsCompleted);
        await upstream.SendAsync("lf");
        Assert.AreEqual("half", (await busy.ReadResponseAsync()).Text);
        busy.Connection.FinishSending();
        Assert.IsEmpty(await busy.Connection.ReadToEndAsync());
        await stopping.WithinDeadline();
    }

    [TestMethod, BothBackends]
    public async Task Stop_CutsWhatTakesLongerThanTheDrainTime(Way way)
    {
        FakeTimeProvider time = new();
        await using Scene scene = await Scene.StartAsync(way, time: time);
        RawClient busy = await scene.ConnectAsync();
        await busy.SendAsync(Scene.Get);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        Task stopping = scene.Gate.Gate.StopAsync();
        while (!stopping.IsCompleted)
        {
            // The wait begins somewhere in between; advance the clock until it ends.
            time.Advance(TimeSpan.FromSeconds(31));
            await Task.Yield();
        }
        await stopping;
        await Assert.ThrowsExactlyAsync<SocketException>(() => busy.Connection.ReadToEndAsync());
    }

    [TestMethod, BothBackends]
    public async Task OtherPolicy_AppliesToTheNextRequestOfTheSameConnection(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        (RawClient client, RawConnection upstream) = await scene.ConnectThroughAsync();
        Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        scene.Gate.Gate.Apply([RunningGate.Policy(scene.Upstream.Endpoint, ["GET /api/ps"])]);
        await client.SendAsync(Scene.Forbidden);
        await upstream.RespondAsync();
        Assert.AreEqual(200, (await client.ReadResponseAsync()).Status);
        Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Get)).Status);
    }

    [TestMethod, BothBackends]
    public async Task LoopThatEndedByItself_DoesNotKeepTheGateFromEnding(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        await scene.ConnectThroughAsync();
        scene.Gate.Gate.Workers[0].Loop.Stop();
        await scene.Gate.Gate.Failed.WithinDeadline();
        await scene.Gate.Gate.StopAsync().WithinDeadline();
    }
}
