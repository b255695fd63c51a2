using System.Net.Sockets;
using System.Text;
using FastGate.Proxy.Transport;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>
/// An upstream responds before it has received all of the content. From then on it could read any further bytes as a
/// request, so none are sent, and both connections close after the response.
/// </summary>
[TestClass]
public sealed class EarlyResponseTests
{
    private const int ContentBytes = 5000;
    private const string Smuggled = "GET /api/version?smuggled HTTP/1.1\r\nHost: gate\r\n\r\n";

    public static IEnumerable<(Way, string)> Answers() =>
        from way in OperatingSystem.IsLinux() ? (Way[])[Way.Epoll, Way.Portable] : [Way.Portable]
        from answer in (string[])
            [
                Scene.Ok,
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 103 Early Hints\r\n\r\n" + Scene.Ok,
                Scene.Ok + "surplus",
            ]
        select (way, answer);

    [TestMethod]
    [DynamicData(nameof(Answers))]
    public async Task ContentAfterAResponse_GoesNowhere(Way way, string answer)
    {
        await using Scene scene = await Scene.StartAsync(way);
        (RawClient client, RawConnection upstream) = await SendRequestAsync(scene, "half");
        await upstream.SendAsync(answer);
        Assert.AreEqual("ok", await FinalTextAsync(client));
        await SendIgnoringErrorsAsync(client, Smuggled);
        await CheckNothingCameAsync(upstream);
        await CheckEndsAsync(client);
    }

    [TestMethod, BothBackends]
    public async Task ContentInChunksAfterAResponse_GoesNowhere(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"
        );
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadThroughAsync("half\r\n"u8.ToArray());
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        await SendIgnoringErrorsAsync(client, $"{Smuggled.Length:x}\r\n{Smuggled}\r\n0\r\n\r\n");
        await CheckNothingCameAsync(upstream);
        await CheckEndsAsync(client);
    }

    /// <summary>
    /// A client that waits for 100 Continue gets a final response at once and need not send its content: what follows
    /// is a request.
    /// </summary>
    [TestMethod, BothBackends]
    public async Task RequestInPlaceOfContentThatWasNotWanted_IsNotSentAsContent(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nExpect: "
                + $"100-continue\r\nContent-Length: {Smuggled.Length}\r\n\r\n"
        );
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nok");
        Assert.AreEqual(417, (await client.ReadResponseAsync()).Status);
        await SendIgnoringErrorsAsync(client, Smuggled);
        await CheckNothingCameAsync(upstream);
        await CheckEndsAsync(client);
    }

    /// <summary>An interim response is not the final one: the content goes up, and the connection stays open.</summary>
    [TestMethod, BothBackends]
    public async Task InterimResponse_IsNotTooEarly(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        (RawClient client, RawConnection upstream) = await SendRequestAsync(scene, "half");
        await upstream.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
        Assert.AreEqual(100, (await client.ReadResponseAsync()).Status);
        await client.SendAsync(new string('x', ContentBytes - "half".Length));
        await upstream.ReadExactlyAsync(ContentBytes - "half".Length);
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        await client.SendAsync(Scene.Get);
        await upstream.RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    /// <summary>
    /// The upstream closes after its response, so the rest of the content cannot be sent there; it must not be sent
    /// anywhere else.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(Ends))]
    public async Task UpstreamEndsAfterAnEarlyResponse_RestOfTheContentIsNoRequest(Way way, bool resets, bool together)
    {
        using LogLines log = new();
        await using Scene scene = await Scene.StartAsync(way, options => options with { AccessLog = log.File });
        (RawClient client, RawConnection upstream) = await SendRequestAsync(scene, "half");
        await upstream.SendAsync(Scene.Ok);
        if (!together)
            Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        if (resets)
            upstream.Abort();
        else
            upstream.FinishSending();
        if (together && !resets)
            Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        await SendIgnoringErrorsAsync(client, "more of it");
        await SendIgnoringErrorsAsync(client, Smuggled);
        if (!(together && resets))
            await CheckEndsAsync(client);
        client.Dispose();

        // The next bytes that any upstream receives are another client's.
        RawClient other = await scene.ConnectAsync();
        await other.SendAsync(Scene.Get);
        RawConnection next = await scene.NextUpstreamAsync();
        StringAssert.StartsWith(await next.RespondAsync(), "GET /api/version HTTP/1.1\r\n");
        Assert.AreEqual("ok", (await other.ReadResponseAsync()).Text);
        string? close = (await log.NextAsync(scene.Gate.Gate))[0].GetProperty("close").GetString();
        Assert.Contains(close, (string[])["upstream-content", "upstream-response"]);
    }

    public static IEnumerable<(Way, bool, bool)> Ends() =>
        from way in OperatingSystem.IsLinux() ? (Way[])[Way.Epoll, Way.Portable] : [Way.Portable]
        from resets in (bool[])[false, true]
        from together in (bool[])[false, true]
        select (way, resets, together);

    /// <summary>
    /// All of the content has arrived, but the upstream has not read the last of it when it responds.
    /// </summary>
    [TestMethod, BothBackends]
    public async Task ContentThatWaitsToBeSent_GoesNowhereEither(Way way)
    {
        StallingCalls calls = new(way);
        await using Scene scene = await Scene.StartAsync(
            way,
            options => options with { Limits = options.Limits with { LingerTime = TimeSpan.FromSeconds(0.2) } },
            calls: calls
        );
        Loop loop = scene.Gate.Gate.Workers[0].Loop;
        (RawClient client, RawConnection upstream) = await SendRequestAsync(scene, "half");
        await loop.PostAsync(() => calls.IsStalled = true);
        await client.SendAsync(new string('x', ContentBytes - "half".Length));
        while (await loop.PostAsync(() => calls.Stalled) == 0)
            await Task.Yield();
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        await loop.PostAsync(() => calls.IsStalled = false);
        await CheckNothingCameAsync(upstream);
        await CheckEndsAsync(client);
        await Census.UntilAsync(scene.Gate.Gate, census => census is { Sessions: 0, Exchanges: 0, Buffers: 0 });
    }

    [TestMethod, BothBackends]
    public async Task EarlyResponse_IsWhyTheConnectionEnded(Way way)
    {
        using LogLines log = new();
        await using Scene scene = await Scene.StartAsync(way, options => options with { AccessLog = log.File });
        (RawClient client, RawConnection upstream) = await SendRequestAsync(scene, "half");
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        await CheckEndsAsync(client);
        var entry = (await log.NextAsync(scene.Gate.Gate)).Single();
        Assert.AreEqual("upstream-content", entry.GetProperty("close").GetString());
        Assert.AreEqual(200, entry.GetProperty("status").GetInt32());
    }

    private static async Task<(RawClient Client, RawConnection Upstream)> SendRequestAsync(Scene scene, string content)
    {
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Post(ContentBytes, content));
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadThroughAsync(Encoding.Latin1.GetBytes($"\r\n\r\n{content}"));
        return (client, upstream);
    }

    private static async Task<string> FinalTextAsync(RawClient client)
    {
        RawResponse response;
        do response = await client.ReadResponseAsync();
        while (response.Status < 200);
        return response.Text;
    }

    // The gate may already have closed.
    private static async Task SendIgnoringErrorsAsync(RawClient client, string text)
    {
        try
        {
            await client.SendAsync(text);
        }
        catch (SocketException)
        {
            // A reset also ends the connection.
        }
    }

    // A reset, without a byte before it.
    private static async Task CheckNothingCameAsync(RawConnection upstream)
    {
        await Assert.ThrowsExactlyAsync<SocketException>(() => upstream.ReadToEndAsync());
        Assert.AreEqual("", Encoding.Latin1.GetString(upstream.Held.Span));
    }

    private static async Task CheckEndsAsync(RawClient client)
    {
        try
        {
            Assert.IsEmpty(await client.Connection.ReadToEndAsync());
        }
        catch (SocketException)
        {
            // The client has sent bytes that were never read.
        }
    }
}
