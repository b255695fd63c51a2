using System.Text.Json;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>The wall clock is changed while the gate runs: no connection ends, and the log uses the new time.</summary>
[TestClass]
public sealed class ClockTests
{
    [TestMethod, BothBackends]
    public Task ClockSetForwards_EndsNothing(Way way) => Check(way, TimeSpan.FromDays(1));

    [TestMethod, BothBackends]
    public Task ClockSetBack_EndsNothing(Way way) => Check(way, TimeSpan.FromDays(-1));

    private static async Task Check(Way way, TimeSpan jump)
    {
        TestTimeProvider time = new();
        using LogLines log = new();
        await using Scene scene = await Scene.StartAsync(way, options => options with { AccessLog = log.File }, time);
        (RawClient idle, RawConnection idles) = await scene.ConnectThroughAsync();
        RawClient busy = await scene.ConnectAsync();
        await busy.SendAsync(Scene.Post(4, "ab"));
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadThroughAsync("ab"u8.ToArray());
        RawClient slow = await scene.ConnectAsync();
        await slow.SendAsync("GET /api/ver");
        await Census.UntilAsync(scene.Gate.Gate, census => census.Exchanges == 2);
        DateTimeOffset before = time.GetUtcNow();
        time.Jump(jump);
        // Timers would fire now if they used the time of day.
        time.Advance(TimeSpan.FromSeconds(1));
        await Census.TakeAsync(scene.Gate.Gate);

        await busy.SendAsync("cd");
        await upstream.ReadThroughAsync("cd"u8.ToArray());
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await busy.ReadResponseAsync()).Text);
        await slow.SendAsync("sion HTTP/1.1\r\nHost: gate\r\n\r\n");
        await (await scene.NextUpstreamAsync()).RespondAsync();
        Assert.AreEqual("ok", (await slow.ReadResponseAsync()).Text);
        await idle.SendAsync(Scene.Get);
        await idles.RespondAsync();
        Assert.AreEqual("ok", (await idle.ReadResponseAsync()).Text);

        IReadOnlyList<JsonElement> entries = await log.NextAsync(scene.Gate.Gate);
        Assert.HasCount(4, entries);
        foreach (JsonElement entry in entries)
            Assert.IsInRange(0, 1000, entry.GetProperty("durationMs").GetDouble());
        Assert.AreEqual(before, entries[1].GetProperty("time").GetDateTimeOffset(), "began before the change");
        Assert.AreEqual(time.GetUtcNow(), entries[3].GetProperty("time").GetDateTimeOffset(), "began after the change");
    }
}
