using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Gate;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Faults;

/// <summary>The upstream cannot be reached, and the response states the reason.</summary>
[TestClass]
public sealed class UnreachableTests
{
    // A full backlog drops the first packet of the next connection, which is therefore neither established nor refused.
    [TestMethod, BothBackends]
    [OSCondition(OperatingSystems.Linux)]
    public async Task FullBacklog_TimesOut(Way way)
    {
        using Socket hung = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        hung.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        hung.Listen(0);
        using Socket first = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        first.Connect(hung.LocalEndPoint!);
        FakeTimeProvider time = new();
        GateOptions options = RunningGate.Options((IPEndPoint)hung.LocalEndPoint!, way, ["@seed"]);
        await using RunningGate gate = await RunningGate.StartAsync(WithoutWarm(options), time);
        using RawClient client = await RawClient.ConnectAsync(gate.Endpoint);
        for (int i = 0; i < 2; i++)
        {
            await client.SendAsync(Scene.Get);
            await Census.UntilAsync(gate.Gate, census => census.Exchanges == 1);
            time.Advance(options.Upstream.ConnectLimit);
            RawResponse response = await client.ReadResponseAsync();
            Assert.AreEqual(503, response.Status);
            StringAssert.Contains(response.Text, "Ollama does not answer");
            await Census.UntilAsync(gate.Gate, census => census.Exchanges == 0);
        }
    }

    [TestMethod, BothBackends]
    public async Task NoDescriptorLeft_IsReportedWithItsFix(Way way)
    {
        FaultyCalls calls = new(way);
        RecordingLogger logger = new();
        using LogLines log = new();
        await using Scene scene = await Scene.StartAsync(
            way,
            options => WithoutWarm(options) with { AccessLog = log.File },
            log: logger,
            calls: calls
        );
        calls.Arm(new Anomaly(SocketCall.Open, SocketError.TooManyOpenSockets), 1);
        RawClient client = await scene.ConnectAsync();
        RawResponse response = await client.ExchangeAsync(Scene.Get);
        Assert.AreEqual(503, response.Status);
        Assert.AreEqual("1", response.Field("Retry-After"));
        StringAssert.Contains(response.Text, "no file descriptors left");
        StringAssert.Contains(response.Text, "ulimit -n");
        Assert.DoesNotContain("Start Ollama", response.Text);
        Assert.AreEqual("overloaded", (await log.NextAsync(scene.Gate.Gate))[0].GetProperty("verdict").GetString());
        Assert.IsTrue(
            logger.Lines.Any(line => line.Id.Id == 202 && line.Text.Contains("ulimit -n", StringComparison.Ordinal))
        );
        await client.SendAsync(Scene.Get);
        await (await scene.NextUpstreamAsync()).RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    [TestMethod, BothBackends]
    public async Task MalformedResponse_IsLogged(Way way)
    {
        RecordingLogger logger = new();
        await using Scene scene = await Scene.StartAsync(way, log: logger);
        for (int i = 0; i < 3; i++)
        {
            RawClient client = await scene.ConnectAsync();
            await client.SendAsync(Scene.Get);
            RawConnection upstream = await scene.NextUpstreamAsync();
            await upstream.RespondAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n");
            await client.Connection.ReadToEndAsync();
        }
        string[] lines = [.. logger.Lines.Where(line => line.Id.Id == 303).Select(line => line.Text)];
        Assert.HasCount(1, lines, "logged once");
        StringAssert.Contains(lines[0], "GET /api/version");
        StringAssert.Contains(lines[0], "chunk size");
    }

    private static GateOptions WithoutWarm(GateOptions options) =>
        options with
        {
            Upstream = options.Upstream with { ReadyConnections = 0 },
        };
}
