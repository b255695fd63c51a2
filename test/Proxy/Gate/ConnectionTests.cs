using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

/// <summary>Requests on one connection: each is authorized separately, and the responses are in order.</summary>
[TestClass]
public sealed class ConnectionTests
{
    [TestMethod, BothBackends]
    public async Task ThousandMixedRequests_GetResponsesInOrder(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        Random random = new(20261121);
        Task<int> serving = EchoAsync(scene);
        int allowed = 0;
        for (int i = 0; i < 1000; i++)
        {
            bool isAllowed = random.Next(2) == 0;
            string content = random.Next(2) == 0 ? "" : new string((char)('a' + (i % 26)), random.Next(1, 6000));
            RawResponse response = await client.ExchangeAsync(Request(i, isAllowed, content));
            Assert.AreEqual(isAllowed ? 200 : 403, response.Status, $"request {i}");
            if (!isAllowed)
                continue;
            allowed++;
            Assert.AreEqual($"{i}:{content}", response.Text, $"request {i}");
        }
        client.Connection.FinishSending();
        Assert.AreEqual(allowed, await serving.WithinDeadline());
        Assert.IsLessThanOrEqualTo(1 + 4 + 1, scene.Upstream.Accepted, "one upstream connection, and the ready ones");
    }

    [TestMethod, BothBackends]
    public async Task PipelinedRequests_AreExaminedOneByOne(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get + Scene.Forbidden + Scene.Get);
        RawConnection upstream = await scene.NextUpstreamAsync();
        StringAssert.StartsWith(await upstream.ReadHeadAsync(), "GET /api/version ");
        Assert.IsEmpty(upstream.Held.ToArray(), "the second request waits for the first response");
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual(200, (await client.ReadResponseAsync()).Status);
        Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        await upstream.RespondAsync();
        Assert.AreEqual(200, (await client.ReadResponseAsync()).Status);
    }

    [TestMethod, BothBackends]
    public async Task RefusedContentStillArriving_GetsAResponseAndTheConnectionEnds(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync("POST /api/pull HTTP/1.1\r\nHost: gate\r\nContent-Length: 500000\r\n\r\n");
        await client.SendAsync(new string('x', 400_000));
        RawResponse response = await client.ReadResponseAsync();
        Assert.AreEqual(403, response.Status);
        Assert.IsTrue(response.Closes);
        StringAssert.Contains(response.Text, "POST /api/pull");
        client.Connection.FinishSending();
        Assert.IsEmpty(await client.Connection.ReadToEndAsync(), "a close without a reset");
    }

    [TestMethod, BothBackends]
    public async Task UpstreamConnections_AreNeverShared(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        (RawClient first, RawConnection firstUpstream) = await scene.ConnectThroughAsync();
        (RawClient second, RawConnection secondUpstream) = await scene.ConnectThroughAsync();
        await first.SendAsync(Scene.Get);
        await second.SendAsync(Scene.Get);
        await firstUpstream.RespondAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst");
        await secondUpstream.RespondAsync("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond");
        Assert.AreEqual("second", (await second.ReadResponseAsync()).Text);
        Assert.AreEqual("first", (await first.ReadResponseAsync()).Text);
    }

    [TestMethod, BothBackends]
    public async Task ForeignHost_IsRefusedWithTheCure(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        RawResponse response = await client.ExchangeAsync("GET /api/version HTTP/1.1\r\nHost: evil.example\r\n\r\n");
        Assert.AreEqual(403, response.Status);
        StringAssert.Contains(response.Text, "hosts");
        Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status, "the connection stays open");
    }

    [TestMethod, BothBackends]
    public async Task RefusalToHttp10_ClosesSinceSuchClientsWaitForTheEnd(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        RawResponse response = await client.ExchangeAsync("GET /api/ps HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        Assert.AreEqual(403, response.Status);
        Assert.IsTrue(response.Closes);
        Assert.IsFalse(await client.Connection.ReceiveAsync(), "the gate closes before the client does");
    }

    [TestMethod, BothBackends]
    public async Task ExpectContinue_InterimResponseAndContentPass(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(
            Scene.Post(3).Replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n", StringComparison.Ordinal)
        );
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync("HTTP/1.1 100 Continue\r\n\r\n");
        Assert.AreEqual(100, (await client.ReadResponseAsync()).Status);
        await client.SendAsync("abc");
        await upstream.ReadExactlyAsync(3);
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    private static string Request(int number, bool isAllowed, string content)
    {
        string path = isAllowed ? $"/v1/models/{number}" : $"/api/number/{number}";
        if (content.Length == 0)
            return $"GET {path} HTTP/1.1\r\nHost: gate\r\n\r\n";
        return (isAllowed ? $"POST /api/show?{number} HTTP/1.1" : $"DELETE {path} HTTP/1.1")
            + $"\r\nHost: gate\r\nContent-Length: {content.Length}\r\n\r\n{content}";
    }

    // Responds to each request with its number and content, alternately with a length and chunked, until the connection
    // ends.
    private static async Task<int> EchoAsync(Scene scene)
    {
        RawConnection upstream = await scene.NextUpstreamAsync();
        int served = 0;
        while (upstream.Held.Length > 0 || await upstream.ReceiveAsync())
        {
            string head = await upstream.ReadHeadAsync();
            string target = head.Split(' ')[1];
            string number = target[(target.LastIndexOfAny(['/', '?']) + 1)..];
            int length = head.Split("Content-Length: ") is [_, var rest] ? int.Parse(rest.Split('\r')[0], null) : 0;
            string content = Encoding.Latin1.GetString(await upstream.ReadExactlyAsync(length));
            string text = $"{number}:{content}";
            await upstream.SendAsync(
                served++ % 2 == 0
                    ? $"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\n\r\n{text}"
                    : $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{text.Length:x}\r\n{text}\r\n0\r\n\r\n"
            );
        }
        return served;
    }
}
