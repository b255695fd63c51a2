using FastGate.Proxy.Gate;
using FastGate.Test.Faults;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

/// <summary>
/// Consecutive refusals share a send, and wait for nothing except further requests that have already arrived.
/// </summary>
[TestClass]
public sealed class RefusalRowTests
{
    private const int Row = 500;

    [TestMethod, BothBackends]
    public async Task PipelinedRefusals_ShareSends(Way way)
    {
        CallCounter calls = new(RealCalls.Of(way));
        await using Scene scene = await Scene.StartAsync(way, calls: calls);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(string.Concat(Enumerable.Repeat(Scene.Forbidden, Row)));
        for (int i = 0; i < Row; i++)
            Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        Assert.IsLessThan(Row / 5, calls.Sends);
    }

    [TestMethod, BothBackends]
    public async Task AllowedRequestAfterRefusals_DoesNotDelayThem(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Forbidden + Scene.Forbidden + Scene.Get + Scene.Forbidden);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        // Before Ollama has sent a byte.
        Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
    }

    [TestMethod, BothBackends]
    public async Task WhateverFollows_AllRefusalsArrive(Way way)
    {
        foreach (
            string rest in new[]
            {
                "GET /api/ver",
                "GET  /\r\n\r\n",
                "POST /api/pull HTTP/1.1\r\nHost: gate\r\nContent-Length: 5\r\n\r\nab",
            }
        )
        {
            await using Scene scene = await Scene.StartAsync(way);
            RawClient client = await scene.ConnectAsync();
            await client.SendAsync(string.Concat(Enumerable.Repeat(Scene.Forbidden, 20)) + rest);
            for (int i = 0; i < 20; i++)
                Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        }
    }

    [TestMethod, BothBackends]
    public async Task ClientThatFinishesAfterThem_GetsAll_AndTheEnd(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(string.Concat(Enumerable.Repeat(Scene.Forbidden, Row)));
        client.Connection.FinishSending();
        for (int i = 0; i < Row; i++)
            Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
    }

    [TestMethod]
    public void OneAllowedRequestInEight_KeepsAClientAmongTheOthers()
    {
        Usefulness client = default;
        for (int i = 1; i < Usefulness.UselessMax; i++)
            Assert.IsFalse(client.Count(useful: false), $"{i}");
        Assert.IsTrue(client.Count(useful: false));
        Assert.IsTrue(client.Count(useful: false), "and remains so");
        Assert.IsFalse(client.Count(useful: true), "until it sends something useful");
        for (int i = 0; i < 1000; i++)
            Assert.IsFalse(client.Count(useful: i % Usefulness.UsefulWeight == 0));
    }
}
