using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Abuse;

/// <summary>Clients that stay just within their time. The clock is the test's own.</summary>
[TestClass]
public sealed class PatienceTests
{
    private readonly FakeTimeProvider _time = new();

    [TestMethod, BothBackends]
    public async Task HeadThatComesAtTheLastMoment_IsServed_AndNoLater(Way way)
    {
        await using Scene scene = await Scene.SetAsync(way, time: _time);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get[..10]);
        await Until.HoldsAsync(async () => await scene.Gate.LentAsync() > 0, "the head has begun");
        await AdvanceAsync(scene, TimeSpan.FromSeconds(9.9));
        await client.SendAsync(Scene.Get[10..] + Scene.Get[..10]);
        RawConnection upstream = await scene.ArriveAsync();
        await upstream.AnswerAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);

        // The next head has its own time, also when it began with the one before.
        await AdvanceAsync(scene, TimeSpan.FromSeconds(9.9));
        await client.SendAsync(Scene.Get[10..]);
        await upstream.AnswerAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        await client.SendAsync(Scene.Get[..10]);
        await Until.HoldsAsync(async () => await scene.Gate.LentAsync() > 0, "the third head has begun");
        await AdvanceAsync(scene, TimeSpan.FromSeconds(10.1));
        Assert.AreEqual(408, (await client.ReadResponseAsync()).Status);
    }

    [TestMethod, BothBackends]
    public async Task ContentThatDrips_IsPassedAsItComes_AndHoldsNoBuffer(Way way)
    {
        // Without the least rate, which ends it sooner.
        await using Scene scene = await Scene.SetAsync(
            way,
            options => options with { Limits = options.Limits with { ContentBytesPerMinute = 0 } },
            time: _time
        );
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Post(30));
        RawConnection upstream = await scene.ArriveAsync();
        await upstream.ReadHeadAsync();
        for (int i = 0; i < 30; i++)
        {
            await AdvanceAsync(scene, TimeSpan.FromSeconds(59));
            await client.SendAsync("x");
            await upstream.ReadExactlyAsync(1);
            Assert.AreEqual(0, await scene.Gate.LentAsync());
        }
        await upstream.SayAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    // The loop has had its turn before, so that what it set is set, and after, so that what is due is done.
    private async Task AdvanceAsync(Scene scene, TimeSpan by)
    {
        await scene.Gate.SessionsAsync();
        _time.Advance(by);
        await scene.Gate.SessionsAsync();
    }
}
