using System.Net;
using System.Net.Sockets;
using FastGate.Commands.Demo;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastGate.Test.Commands.Demo;

[TestClass]
[TestCategory(Category.Process)]
public sealed class DemoVerbTests
{
    [TestMethod]
    [DataRow("auto", false)]
    [DataRow("portable", false)]
    [DataRow("kqueue", true)]
    [DataRow("portable", true)]
    public async Task Once_ShowsAllThree_AndEndsWithZero(string backend, bool asOnAMac)
    {
        using DemoProcess demo = new(asOnAMac ? Emulation.Variables() : [], "--once", "--backend", backend);

        (int exitCode, string output, string errors) = await demo.EndAsync();

        Assert.AreEqual(0, exitCode, output + errors);
        Assert.AreEqual("", errors);
        Assert.Contains("response          200 {\"version\":", output);
        Assert.Contains("the client gets   FastGate refused POST /api/pull: ", output);
        Assert.Contains("the client gets   FastGate refused POST /%61pi/pull: ", output);
        Assert.Contains("behind the gate   0 of these ", output);
        Assert.Contains($"through the gate  {Tokens.Text}", output);
        Assert.DoesNotContain("\e", output, "a pipe gets no escapes");
    }

    [TestMethod]
    [DataRow("INT")]
    [DataRow("TERM")]
    public async Task WithoutOnce_RunsUntilASignal(string signal)
    {
        using DemoProcess demo = new();
        string line = await demo.LineWithAsync("curl http://");
        Uri url = new(line[line.IndexOf("http://", StringComparison.Ordinal)..]);

        string answer = await RawExchange.SendAsync(
            IPEndPoint.Parse(url.Authority),
            RawExchange.Request($"GET {url.AbsolutePath}")
        );
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer);
        Assert.Contains("  200  GET /v1/models  allowed  ", await demo.LineWithAsync("GET /v1/models"));

        await demo.SignalAsync(signal);
        (int exitCode, _, string errors) = await demo.EndAsync();
        Assert.AreEqual(0, exitCode, errors);
    }

    [TestMethod]
    public async Task PortInUse_IsReported()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();

        await CheckCouldNot($"{other.LocalEndpoint}", "another program listens there");
    }

    [TestMethod]
    [DataRow("0.0.0.0:11435", "not a loopback address")]
    [DataRow("tailscale:11434", "not a loopback address")]
    [DataRow("11435", "\"11435\" has no address")]
    public async Task AddressOutsideLoopback_IsReported(string listen, string problem) =>
        await CheckCouldNot(listen, problem);

    [TestMethod]
    public async Task DefaultPortInUse_FallsBackToAFreeOne()
    {
        using TcpListener other = new(DemoStage.DefaultEndPoint);
        try
        {
            other.Start();
        }
        catch (SocketException)
        {
            // Already in use: that is just as good.
        }

        await using DemoStage stage = await DemoStage.StartAsync(
            new DemoOptions(null, "auto", Once: true),
            NullLogger.Instance
        );

        using DemoClient client = stage.ConnectThroughGate();
        Assert.AreEqual(200, client.Send(DemoClient.Get("/api/version")).Status);
    }

    private static async Task CheckCouldNot(string listen, string problem)
    {
        using DemoProcess demo = new("--once", "--listen", listen);
        (int exitCode, string output, string errors) = await demo.EndAsync();
        Assert.AreEqual(2, exitCode, output);
        Assert.Contains(problem, errors);
    }
}
