using System.Net;
using System.Net.Sockets;
using FastGate.Test.Commands.Demo;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Run;

/// <summary>
/// The real program on a Mac, or on Linux on top of an emulation: kqueue, macOS's socket calls, and .NET's sockets
/// with the results that macOS returns.
/// </summary>
[TestClass]
[TestCategory(Category.Process)]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class MacProcessTests
{
    private const int Resets = 40;

    private static IEnumerable<object[]> Backends =>
        [
            ["kqueue"],
            ["portable"],
        ];

    /// <summary>
    /// Regression: twenty resets stopped an IPv6 listener for seconds, and one at the metrics port ended the process:
    /// .NET threw for a peer without an address, on a pool thread.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(Backends))]
    public async Task ResetConnections_DoNotStopTheGate(string backend)
    {
        using RawUpstream upstream = new();
        IPEndPoint listener = new(IPAddress.IPv6Loopback, Ports.Free());
        int metrics = Ports.Free();
        using GateProcess gate = GateProcess.Start(
            Emulation.Variables(("XNU_ACCEPT0", "all")),
            "run",
            "--listen",
            listener.ToString(),
            "--upstream",
            upstream.Endpoint.ToString(),
            "--allow",
            "@seed",
            "--backend",
            backend,
            "--metrics-port",
            $"{metrics}",
            "--access-log",
            "off"
        );
        gate.WaitFor($"http://[::1]:{metrics}/metrics");
        IPEndPoint[] endPoints = [listener, new(IPAddress.IPv6Loopback, metrics), new(IPAddress.Loopback, metrics)];
        for (int i = 0; i < Resets; i++)
        {
            foreach (IPEndPoint endPoint in endPoints)
                Reset(endPoint);
        }

        using RawClient client = await RawClient.ConnectAsync(listener);
        Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        foreach (IPEndPoint endPoint in endPoints[1..])
        {
            using RawClient scraper = await RawClient.ConnectAsync(endPoint);
            await scraper.SendAsync("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
            RawResponse metricsPage = await scraper.ReadResponseAsync();
            Assert.AreEqual(200, metricsPage.Status);
            Assert.Contains("fastgate_requests_total", metricsPage.Text);
        }
        gate.Signal("TERM");
        Assert.AreEqual(0, await gate.ExitAsync(), gate.Output);
        Assert.DoesNotContain("pauses", gate.Output);
        Assert.DoesNotContain("nexpected", gate.Output);
    }

    /// <summary>
    /// fcntl is variadic, and Apple silicon passes variadic arguments differently from others: if ours does not
    /// arrive, .NET's calls are used instead, still with kqueue.
    /// </summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux, IgnoreMessage = "On a Mac the argument arrives.")]
    public async Task OwnCallsThatFailTheSelfCheck_AreReplacedAndLogged()
    {
        using DemoProcess demo = new(Emulation.Variables(("XNU_VARIADIC", "lost")), "--once", "--backend", "kqueue");

        (int exitCode, string output, string errors) = await demo.EndAsync();

        Assert.AreEqual(0, exitCode, output + errors);
        Assert.Contains(
            "macOS's own socket calls failed the self-check (a socket is not both non-blocking and close-on-exec)",
            errors
        );
    }

    /// <summary>Without the emulation, as a user would start it.</summary>
    [TestMethod]
    public async Task BackendOfAnotherSystem_IsAnErrorThatNamesIt()
    {
        string foreign = OperatingSystem.IsMacOS() ? "epoll" : "kqueue";
        using DemoProcess demo = new("--once", "--backend", foreign);

        (int exitCode, string output, string errors) = await demo.EndAsync();

        Assert.AreNotEqual(0, exitCode);
        Assert.Contains($"The backend {foreign} does not work here", output + errors);
    }

    private static void Reset(IPEndPoint endPoint)
    {
        using Socket client = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(endPoint);
        client.LingerState = new LingerOption(true, 0);
    }
}
