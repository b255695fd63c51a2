using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Faults;

/// <summary>The upstream is suspended, killed in the middle of a response, and restarted.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class UpstreamProcessTests
{
    private const string Half = "GET /api/tags HTTP/1.1\r\nHost: gate\r\n\r\n";

    [TestMethod, BothBackends]
    public async Task Killed_EndsTheResponse_AndRestarted_IsFoundAgain(Way way)
    {
        await using UpstreamProcess upstream = await UpstreamProcess.StartAsync();
        using LogLines log = new();
        await using RunningGate gate = await RunningGate.StartAsync(
            RunningGate.Options(upstream.Endpoint, way, ["@seed"]) with
            {
                AccessLog = log.File,
            }
        );
        using RawClient idle = await RawClient.ConnectAsync(gate.Endpoint);
        Assert.AreEqual("ok", (await idle.ExchangeAsync(Scene.Get)).Text);
        using RawClient busy = await RawClient.ConnectAsync(gate.Endpoint);
        await busy.SendAsync(Half);
        await busy.Connection.ReadThroughAsync("half"u8.ToArray());
        await log.NextAsync(gate.Gate);

        upstream.Send("KILL");
        Assert.IsEmpty(await busy.Connection.ReadToEndAsync(), "the bytes received, then the end");
        Assert.AreEqual("upstream-response", (await log.NextAsync(gate.Gate))[0].GetProperty("close").GetString());
        using RawClient next = await RawClient.ConnectAsync(gate.Endpoint);
        RawResponse refused = await next.ExchangeAsync(Scene.Get);
        Assert.AreEqual(503, refused.Status);
        StringAssert.Contains(refused.Text, "Ollama does not answer");
        Assert.AreEqual("unavailable", (await log.NextAsync(gate.Gate))[0].GetProperty("verdict").GetString());

        await using UpstreamProcess again = await UpstreamProcess.StartAsync(upstream.Endpoint.Port);
        Assert.AreEqual("ok", (await next.ExchangeAsync(Scene.Get)).Text);
        Assert.AreEqual("ok", (await idle.ExchangeAsync(Scene.Get)).Text, "a client that was idle meanwhile");
    }

    [TestMethod, BothBackends]
    public async Task Suspended_IsWaitedFor_AndDelaysNoOtherClient(Way way)
    {
        FakeTimeProvider time = new();
        await using UpstreamProcess upstream = await UpstreamProcess.StartAsync();
        await using RunningGate gate = await RunningGate.StartAsync(
            RunningGate.Options(upstream.Endpoint, way, ["@seed"]),
            time
        );
        using RawClient waiting = await RawClient.ConnectAsync(gate.Endpoint);
        Assert.AreEqual("ok", (await waiting.ExchangeAsync(Scene.Get)).Text);
        await upstream.SuspendAsync();
        try
        {
            await waiting.SendAsync(Scene.Get);
            await Census.UntilAsync(gate.Gate, census => census.Exchanges == 1);
            using RawClient other = await RawClient.ConnectAsync(gate.Endpoint);
            Assert.AreEqual(403, (await other.ExchangeAsync(Scene.Forbidden)).Status);
            for (int minute = 0; minute < 9; minute++)
            {
                time.Advance(TimeSpan.FromMinutes(1));
                await Census.TakeAsync(gate.Gate);
            }
            Assert.AreEqual(1, (await Census.TakeAsync(gate.Gate)).Exchanges, "still waiting");
        }
        finally
        {
            upstream.Send("CONT");
        }
        Assert.AreEqual("ok", (await waiting.ReadResponseAsync()).Text);
    }
}
