using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Abuse;

/// <summary>Clients that stay just within their time limits, on a manual clock.</summary>
[TestClass]
public sealed class SlowClientTests
{
    private readonly FakeTimeProvider _time = new();

    [TestMethod, BothBackends]
    public async Task HeadThatArrivesAtTheLastMoment_IsServed_AndNoLater(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way, time: _time);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get[..10]);
        await Until.HoldsAsync(async () => await scene.Gate.BuffersInUseAsync() > 0, "the head has begun");
        await AdvanceAsync(scene, TimeSpan.FromSeconds(9.9));
        await client.SendAsync(Scene.Get[10..] + Scene.Get[..10]);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);

        // The next head has its own time limit, even if it began together with the previous one.
        await AdvanceAsync(scene, TimeSpan.FromSeconds(9.9));
        await client.SendAsync(Scene.Get[10..]);
        await upstream.RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        await client.SendAsync(Scene.Get[..10]);
        await Until.HoldsAsync(async () => await scene.Gate.BuffersInUseAsync() > 0, "the third head has begun");
        await AdvanceAsync(scene, TimeSpan.FromSeconds(10.1));
        Assert.AreEqual(408, (await client.ReadResponseAsync()).Status);
    }

    [TestMethod, BothBackends]
    public async Task ContentThatDrips_IsForwardedAsItArrives_AndHoldsNoBuffer(Way way)
    {
        // Without the minimum rate, which would end it sooner.
        await using Scene scene = await Scene.StartAsync(
            way,
            options => options with { Limits = options.Limits with { ContentBytesPerMinute = 0 } },
            time: _time
        );
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Post(30));
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        for (int i = 0; i < 30; i++)
        {
            await AdvanceAsync(scene, TimeSpan.FromSeconds(59));
            await client.SendAsync("x");
            await upstream.ReadExactlyAsync(1);
            Assert.AreEqual(0, await scene.Gate.BuffersInUseAsync());
        }
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    // The loop runs once before, so that its timers are set, and once after, so that expired timers have fired.
    private async Task AdvanceAsync(Scene scene, TimeSpan by)
    {
        await scene.Gate.SessionsAsync();
        _time.Advance(by);
        await scene.Gate.SessionsAsync();
    }
}
