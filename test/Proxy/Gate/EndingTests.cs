using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Gate;

/// <summary>How the end of one side is passed to the other, and what the client gets of an invalid response.</summary>
[TestClass]
public sealed class EndingTests
{
    private const int PromptMilliseconds = 50;

    [TestMethod, BothBackends]
    public async Task ClientFinishesInSilentPrefill_UpstreamSeesItAtOnce(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        await CheckPromptAsync(
            scene,
            async (client, upstream) =>
            {
                client.Connection.FinishSending();
                Assert.IsFalse(await upstream.ReceiveAsync(), "a FIN");
            }
        );
    }

    [TestMethod, BothBackends]
    public async Task ClientResetsInSilentPrefill_UpstreamSeesItAtOnce(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        await CheckPromptAsync(
            scene,
            async (client, upstream) =>
            {
                client.Connection.Abort();
                await CheckLostAsync(upstream);
            }
        );
    }

    [TestMethod, BothBackends]
    public async Task HalfClosedClient_StillGetsItsResponse(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get);
        client.Connection.FinishSending();
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        Assert.IsFalse(await upstream.ReceiveAsync(), "the FIN is forwarded");
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
    }

    [TestMethod, BothBackends]
    public async Task ClientFinishesAfterPipelinedRequest_BothGetResponses(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get + Scene.Get);
        client.Connection.FinishSending();
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync();
        await upstream.RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
    }

    [TestMethod, BothBackends]
    public async Task UpstreamDiesInResponse_ClientGetsWhatCameAndTheEnd(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
        await client.Connection.ReadThroughAsync("hel"u8.ToArray());
        upstream.Abort();
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
    }

    [TestMethod, BothBackends]
    public async Task ResponseUntilCloseThatIsReset_DoesNotAppearComplete(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync("HTTP/1.1 200 OK\r\n\r\nhalf");
        await client.Connection.ReadThroughAsync("half"u8.ToArray());
        upstream.Abort();
        await CheckLostAsync(client.Connection);
    }

    [TestMethod, BothBackends]
    public async Task ResponseUntilClose_EndsWithTheConnection(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync("HTTP/1.0 200 OK\r\n\r\nall");
        upstream.FinishSending();
        Assert.AreEqual("all", (await client.ReadResponseAsync()).Text);
    }

    [TestMethod, BothBackends]
    public async Task SwitchingProtocols_IsNeverPassed(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\nspliced");
        RawResponse response = await client.ReadResponseAsync();
        Assert.AreEqual(502, response.Status);
        Assert.IsTrue(response.Closes);
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
    }

    [TestMethod, BothBackends]
    public async Task BytesAfterAResponse_AreNotReadAsTheNext(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get);
        RawConnection first = await scene.NextUpstreamAsync();
        await first.RespondAsync(Scene.Ok + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        await client.SendAsync(Scene.Get);
        RawConnection second = await scene.NextUpstreamAsync();
        await second.RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    [TestMethod, BothBackends]
    public async Task UpstreamClosesIdleConnection_ClientKeepsIts(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        (RawClient client, RawConnection upstream) = await scene.ConnectThroughAsync();
        upstream.Dispose();
        await client.SendAsync(Scene.Get);
        RawConnection next = await scene.NextUpstreamAsync();
        await next.RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    [TestMethod, BothBackends]
    public async Task PersistentConnectionDiesBeforeResponse_RequestIsSentOnceMore(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        (RawClient client, RawConnection upstream) = await scene.ConnectThroughAsync();
        await client.SendAsync(Scene.Post(2, "{}"));
        await upstream.ReadHeadAsync();
        upstream.Abort();
        RawConnection fresh = await scene.NextUpstreamAsync();
        StringAssert.StartsWith(await fresh.ReadHeadAsync(), "POST /v1/chat/completions ");
        await fresh.ReadExactlyAsync(2);
        await fresh.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    [TestMethod, BothBackends]
    public async Task FreshConnectionDiesToo_ClientGetsAnError(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        (RawClient client, RawConnection upstream) = await scene.ConnectThroughAsync();
        await client.SendAsync(Scene.Get);
        await upstream.ReadHeadAsync();
        upstream.Abort();
        RawConnection fresh = await scene.NextUpstreamAsync();
        await fresh.ReadHeadAsync();
        fresh.Abort();
        Assert.AreEqual(502, (await client.ReadResponseAsync()).Status);
    }

    [TestMethod, BothBackends]
    public async Task PersistentConnectionDiesLongAfterRequest_RequestThatMayHaveRunIsNotSentTwice(Way way)
    {
        FakeTimeProvider time = new();
        await using Scene scene = await Scene.StartAsync(way, time: time);
        (RawClient client, RawConnection upstream) = await scene.ConnectThroughAsync();
        await client.SendAsync(Scene.Post(2, "{}"));
        await upstream.ReadHeadAsync();
        await upstream.ReadExactlyAsync(2);
        time.Advance(TimeSpan.FromSeconds(2));
        upstream.Abort();
        Assert.AreEqual(502, (await client.ReadResponseAsync()).Status);
    }

    [TestMethod, BothBackends]
    public async Task NoUpstream_IsReportedAndTheConnectionStaysOpen(Way way)
    {
        IPEndPoint unused = Ports.FreeEndPoint();
        await using RunningGate gate = await RunningGate.StartAsync(unused, way, ["@seed"]);
        using RawClient client = await RawClient.ConnectAsync(gate.Endpoint);
        for (int i = 0; i < 3; i++)
        {
            RawResponse response = await client.ExchangeAsync(Scene.Get);
            Assert.AreEqual(503, response.Status);
            Assert.AreEqual("1", response.Field("Retry-After"));
            StringAssert.Contains(response.Text, $"Ollama does not answer at {unused}");
        }
    }

    [TestMethod, BothBackends]
    public async Task BrokenChunk_EndsBothSides(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(
            "POST /api/show HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
        );
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadThroughAsync("abc\r\n"u8.ToArray());
        await client.SendAsync("3;x=y\r\nabc\r\n0\r\n\r\n");
        await CheckLostAsync(upstream);
    }

    // The best of a few tries: a busy machine may delay some.
    private static async Task CheckPromptAsync(Scene scene, Func<RawClient, RawConnection, Task> end)
    {
        double best = double.MaxValue;
        for (int i = 0; i < 50 && best > PromptMilliseconds; i++)
        {
            RawClient client = await scene.ConnectAsync();
            await client.SendAsync(Scene.Post(2, "{}"));
            RawConnection upstream = await scene.NextUpstreamAsync();
            await upstream.ReadHeadAsync();
            await upstream.ReadExactlyAsync(2);
            long began = Stopwatch.GetTimestamp();
            await end(client, upstream);
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        Assert.IsLessThan(PromptMilliseconds, best);
    }

    // A reset, which the client cannot mistake for an orderly close.
    private static async Task CheckLostAsync(RawConnection connection) =>
        await Assert.ThrowsExactlyAsync<SocketException>(() => connection.ReadToEndAsync());
}
