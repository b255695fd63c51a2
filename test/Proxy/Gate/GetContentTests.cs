using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

/// <summary>
/// Content passes with the methods whose content every server reads, and with other methods only if the listener allows
/// it.
/// </summary>
[TestClass]
public sealed class GetContentTests
{
    private const string Path = "/api/version";
    private static readonly string[] Allow = [$"GET,HEAD,OPTIONS,TRACE,QUERY,get,POST,PUT,PATCH,DELETE {Path}"];

    public static IEnumerable<(Way, string, string)> Without() =>
        from way in OperatingSystem.IsLinux() ? (Way[])[Way.Epoll, Way.Portable] : [Way.Portable]
        from method in (string[])["GET", "HEAD", "OPTIONS", "TRACE", "QUERY", "get"]
        from framed in (string[])
            [
                "Content-Length: 2\r\n\r\n{}",
                "content-length: 0002\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Expect: 100-continue\r\nContent-Length: 999999999999999999\r\n\r\n",
            ]
        select (way, method, framed);

    [TestMethod]
    [DynamicData(nameof(Without))]
    public async Task MethodWithoutContent_IsRefusedWithIt(Way way, string method, string framed)
    {
        await using Scene scene = await StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync($"{method} {Path} HTTP/1.1\r\nHost: gate\r\n{framed}");
        RawResponse response = await client.ReadResponseAsync(toHead: method == "HEAD");
        Assert.AreEqual(400, response.Status);
        Assert.IsTrue(response.Closes);
        if (method != "HEAD")
            StringAssert.Contains(response.Text, "\\\"contentOnGet\\\": \\\"allow\\\"");
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
        await CheckUpstreamGotNothingAsync(scene);
    }

    [TestMethod, BothBackends]
    public async Task LengthOfZero_IsNoContent(Way way)
    {
        await using Scene scene = await StartAsync(way);
        (RawClient client, RawConnection upstream) = await scene.ConnectThroughAsync();
        foreach (string method in (string[])["GET", "OPTIONS", "QUERY"])
        {
            await client.SendAsync($"{method} {Path} HTTP/1.1\r\nHost: gate\r\nContent-Length: 00\r\n\r\n");
            StringAssert.Contains(await upstream.RespondAsync(), "\r\nContent-Length: 00\r\n");
            Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        }
    }

    [TestMethod, BothBackends]
    public async Task MethodWithContent_PassesIt(Way way)
    {
        await using Scene scene = await StartAsync(way);
        foreach (string method in (string[])["POST", "PUT", "PATCH", "DELETE"])
        {
            RawClient client = await scene.ConnectAsync();
            await client.SendAsync($"{method} {Path} HTTP/1.1\r\nHost: gate\r\nContent-Length: 2\r\n\r\n{{}}");
            RawConnection upstream = await scene.NextUpstreamAsync();
            await upstream.ReadHeadAsync();
            CollectionAssert.AreEqual("{}"u8.ToArray(), await upstream.ReadExactlyAsync(2));
            await upstream.SendAsync(Scene.Ok);
            Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        }
    }

    /// <summary>Without content, what follows the head is read as the next request.</summary>
    [TestMethod, BothBackends]
    public async Task ListenerThatAllowsIt_PassesItAsContent(Way way)
    {
        await using Scene scene = await StartAsync(way, allowsContentOnGet: true);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(
            $"GET {Path} HTTP/1.1\r\nHost: "
                + $"gate\r\nContent-Length: {Scene.Get.Length}\r\n\r\n{Scene.Get}{Scene.Forbidden}"
        );
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        await upstream.ReadExactlyAsync(Scene.Get.Length);
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        Assert.IsFalse(upstream.HasInput);
    }

    /// <summary>The path's refusal is more helpful: it names the open method or the intended path.</summary>
    [TestMethod, BothBackends]
    public async Task RequestOffTheAllowlist_IsRefusedForThat(Way way)
    {
        await using Scene scene = await StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        Assert.AreEqual(
            403,
            (await client.ExchangeAsync("GET /api/show HTTP/1.1\r\nHost: gate\r\nContent-Length: 2\r\n\r\n{}")).Status
        );
        Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        await CheckUpstreamGotNothingAsync(scene);
    }

    private static Task<Scene> StartAsync(Way way, bool allowsContentOnGet = false) =>
        Scene.StartAsync(
            way,
            options =>
                options with
                {
                    Listeners =
                    [
                        options.Listeners[0] with
                        {
                            Policy = RunningGate.Policy(options.Upstream.EndPoint, Allow) with
                            {
                                AllowsContentOnGet = allowsContentOnGet,
                            },
                        },
                    ],
                }
        );

    // The next used connection belongs to an allowed request.
    private static async Task CheckUpstreamGotNothingAsync(Scene scene)
    {
        RawClient other = await scene.ConnectAsync();
        await other.SendAsync(Scene.Get);
        StringAssert.StartsWith(
            await (await scene.NextUpstreamAsync()).RespondAsync(),
            $"GET {Path} HTTP/1.1\r\nHost:"
        );
        Assert.AreEqual("ok", (await other.ReadResponseAsync()).Text);
    }
}
