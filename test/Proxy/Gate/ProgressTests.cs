using FastGate.Proxy.Gate;
using FastGate.Test.Abuse;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Gate;

/// <summary>Clients that hold a slot by reading nothing or sending almost nothing, on a manual clock.</summary>
[TestClass]
public sealed class ProgressTests
{
    private const string Endless = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n";

    private readonly FakeTimeProvider _time = new();

    [TestMethod, BothBackends]
    public async Task ClientThatTakesNothing_IsClosed(Way way)
    {
        await using Scene scene = await StartAsync(way, limits => limits);
        (RawClient client, RawConnection upstream, Task sending) = await BlockAsync(scene);
        await AdvanceAsync(scene, TimeSpan.FromMinutes(4.9));
        Assert.AreEqual(1, await scene.Gate.SessionsAsync());
        await AdvanceAsync(scene, TimeSpan.FromMinutes(2));
        Assert.AreEqual(0, await scene.Gate.SessionsAsync());
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => sending.WithinDeadline());
    }

    [TestMethod, BothBackends]
    public async Task ClientThatTakesLittle_StaysAsLongAsItTakesSomething(Way way)
    {
        await using Scene scene = await StartAsync(way, limits => limits);
        (RawClient client, RawConnection upstream, Task sending) = await BlockAsync(scene);
        for (int i = 0; i < 6; i++)
        {
            await AdvanceAsync(scene, TimeSpan.FromMinutes(4));
            // Several hundred kilobytes, so that the kernel opens the window.
            await client.Connection.ReadExactlyAsync(600_000);
            await BlockedAsync(scene);
        }
        Assert.AreEqual(1, await scene.Gate.SessionsAsync());
        Assert.IsFalse(sending.IsCompleted);
    }

    [TestMethod, BothBackends]
    public async Task NoStallLimit_ClosesNoConnection(Way way)
    {
        await using Scene scene = await StartAsync(way, limits => limits with { StallTime = TimeSpan.Zero });
        await BlockAsync(scene);
        for (int i = 0; i < 10; i++)
            await AdvanceAsync(scene, TimeSpan.FromHours(1));
        Assert.AreEqual(1, await scene.Gate.SessionsAsync());
    }

    [TestMethod, BothBackends]
    public async Task ContentThatDrips_IsEnded(Way way)
    {
        foreach (bool isChunked in new[] { false, true })
        {
            await using Scene scene = await StartAsync(way, limits => limits);
            RawClient client = await scene.ConnectAsync();
            await client.SendAsync(
                isChunked
                    ? "POST /v1/messages HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n"
                    : Scene.Post(100_000)
            );
            RawConnection upstream = await scene.NextUpstreamAsync();
            await upstream.ReadHeadAsync();
            int drops = await DripAsync(scene, client, upstream, isChunked ? "000000000000001\r\nx\r\n" : "x");
            Assert.IsInRange(2, 9, drops, "some quarters of a minute");
            Assert.AreEqual(408, (await client.ReadResponseAsync()).Status);
            await Assert.ThrowsExactlyAsync<System.Net.Sockets.SocketException>(() => upstream.ReadToEndAsync());
        }
    }

    [TestMethod, BothBackends]
    public async Task ContentAtTheLeastRate_IsTaken(Way way)
    {
        await using Scene scene = await StartAsync(way, limits => limits);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Post(41 * 4000));
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        Assert.AreEqual(40, await DripAsync(scene, client, upstream, new string('x', 4000)));
        await client.SendAsync(new string('x', 4000));
        await upstream.ReadExactlyAsync(4000);
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    [TestMethod, BothBackends]
    public async Task UpstreamThatTakesNothing_IsNotBlamedOnTheClient(Way way)
    {
        await using Scene scene = await StartAsync(way, limits => limits);
        RawClient client = await scene.ConnectAsync();
        const int length = 32 << 20;
        await client.SendAsync(Scene.Post(length));
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        Task sending = client.Connection.SendWithoutDeadlineAsync(new byte[length]);
        await BlockedAsync(scene);
        for (int i = 0; i < 20; i++)
            await AdvanceAsync(scene, TimeSpan.FromSeconds(30));
        Assert.AreEqual(1, await scene.Gate.SessionsAsync());
        await upstream.ReadExactlyAsync(length);
        await sending.WithinDeadline();
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    private Task<Scene> StartAsync(Way way, Func<GateLimits, GateLimits> change) =>
        Scene.StartAsync(way, options => options with { Limits = change(options.Limits) }, time: _time);

    // Every 15 s on the test's clock, until the gate closes.
    private async Task<int> DripAsync(Scene scene, RawClient client, RawConnection upstream, string drop)
    {
        for (int i = 0; i < 40; i++)
        {
            await client.SendAsync(drop);
            await upstream.ReadExactlyAsync(drop.Length);
            await AdvanceAsync(scene, TimeSpan.FromSeconds(15));
            if (client.Connection.HasInput)
                return i;
        }
        return 40;
    }

    private static async Task<(RawClient Client, RawConnection Upstream, Task Sending)> BlockAsync(Scene scene)
    {
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync(Endless);
        Task sending = upstream.SendWithoutDeadlineAsync(new byte[64 << 20]);
        await BlockedAsync(scene);
        return (client, upstream, sending);
    }

    private static async Task BlockedAsync(Scene scene)
    {
        int held = 0;
        await Until.HoldsAsync(
            async () => (held = await scene.Gate.BuffersInUseAsync() > 0 ? held + 1 : 0) > 20,
            "a write waits"
        );
    }

    // The loop runs once before, so that its timers are set, and once after, so that expired timers have fired.
    private async Task AdvanceAsync(Scene scene, TimeSpan by)
    {
        await scene.Gate.SessionsAsync();
        _time.Advance(by);
        await scene.Gate.SessionsAsync();
        await scene.Gate.SessionsAsync();
    }
}
