using FastGate.Proxy.Metrics;
using FastGate.Test.Proxy.Metrics;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Proxy.Gate;

/// <summary>Requests for a WebSocket, and PROXY protocol headers.</summary>
[TestClass]
public sealed class UpgradeTests
{
    private const string Ask =
        "GET /v1/responses HTTP/1.1\r\nHost: gate\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";

    [TestMethod, BothBackends]
    public async Task WebSocketOnAPathThatIsOpenForPost_Is426_AndTheConnectionStaysOpen(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        RawResponse response = await client.ExchangeAsync($"{Ask}\r\n");
        Assert.AreEqual(
            (426, "HTTP/1.1", "Upgrade"),
            (response.Status, response.Field("Upgrade"), response.Field("Connection"))
        );
        await client.SendAsync("POST /v1/responses HTTP/1.1\r\nHost: gate\r\nContent-Length: 2\r\n\r\n{}");
        RawConnection upstream = await scene.NextUpstreamAsync();
        Assert.StartsWith("POST /v1/responses ", await upstream.RespondAsync());
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    [TestMethod, BothBackends]
    public async Task WebSocketOnAConnectionThatEnds_SendsBothOptions(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        RawResponse response = await client.ExchangeAsync($"{Ask}Connection: close\r\n\r\n");
        Assert.AreEqual((426, "Upgrade, close"), (response.Status, response.Field("Connection")));
        client.Connection.FinishSending();
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
    }

    /// <summary>Ollama ignores the field: where GET itself is open, it responds as if the field were missing.</summary>
    [TestMethod, BothBackends]
    public async Task WebSocketOnAPathThatIsOpenForGet_IsPassed(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(
            "GET /v1/models HTTP/1.1\r\nHost: gate\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        );
        await (await scene.NextUpstreamAsync()).RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    [TestMethod, BothBackends]
    public async Task Upgrade_HasItsOwnWordInTheCounts(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        Assert.AreEqual(426, (await client.ExchangeAsync($"{Ask}\r\n")).Status);
        ListenerSnapshot listener = (await scene.Gate.CountsAsync(exchanges: 1)).Listeners.Single();
        Assert.AreEqual(("refused-upgrade 1", "4xx 1"), (listener.Verdicts.Describe(), listener.Statuses.Describe()));
    }

    [TestMethod, BothBackends]
    public async Task ProxyHeader_IsLoggedOnceAMinute(Way way)
    {
        RecordingLogger log = new();
        await using Scene scene = await Scene.StartAsync(way, log: log);
        foreach (string header in (string[])["PROXY TCP4 192.0.2.1 192.0.2.2 5000 11434\r\n", "\r\n\r\n\0\r\nQUIT\n"])
        {
            RawClient client = await scene.ConnectAsync();
            Assert.AreEqual(400, (await client.ExchangeAsync(header)).Status);
        }
        (LogLevel level, _, string text) = log.Lines.Single(line =>
            line.Text.Contains("PROXY", StringComparison.Ordinal)
        );
        Assert.AreEqual(LogLevel.Warning, level);
        foreach (
            string part in (string[])
                ["127.0.0.1 sent a PROXY protocol header", "send-proxy", "tailscale serve without --proxy-protocol"]
        )
            Assert.Contains(part, text);
    }
}
