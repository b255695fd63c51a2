using System.Net;
using System.Net.Sockets;
using FastGate.Test.Commands.Demo;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Run;

/// <summary>
/// The real program on a Mac, or on Linux with the emulation below it: kqueue, macOS's socket calls, and .NET's sockets
/// answered as macOS answers them.
/// </summary>
[TestClass]
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
    /// Twenty resets made an IPv6 listener deaf for seconds, and a single one at the metrics port ended the process:
    /// .NET threw for a peer without an address, on a pool thread.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(Backends))]
    public async Task ResetConnections_NeitherDeafenNorEndTheGate(string backend)
    {
        using RawUpstream upstream = new();
        IPEndPoint entrance = new(IPAddress.IPv6Loopback, Ports.Free());
        int metrics = Ports.Free();
        using GateProcess gate = GateProcess.Start(
            Emulation.Variables(("XNU_ACCEPT0", "all")),
            "run",
            "--listen",
            entrance.ToString(),
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
        IPEndPoint[] doors = [entrance, new(IPAddress.IPv6Loopback, metrics), new(IPAddress.Loopback, metrics)];
        for (int i = 0; i < Resets; i++)
        {
            foreach (IPEndPoint door in doors)
                Reset(door);
        }

        using RawClient client = await RawClient.ConnectAsync(entrance);
        Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        foreach (IPEndPoint door in doors[1..])
        {
            using RawClient scraper = await RawClient.ConnectAsync(door);
            await scraper.SendAsync("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
            RawResponse numbers = await scraper.ReadResponseAsync();
            Assert.AreEqual(200, numbers.Status);
            Assert.Contains("fastgate_requests_total", numbers.Text);
        }
        gate.Signal("TERM");
        Assert.AreEqual(0, await gate.ExitAsync(), gate.Said);
        Assert.DoesNotContain("pauses", gate.Said);
        Assert.DoesNotContain("unexpected fault", gate.Said);
    }

    /// <summary>
    /// fcntl is variadic, and Apple silicon passes such arguments in another way than the rest: if ours does not
    /// arrive, .NET's calls take over, and kqueue stays.
    /// </summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux, IgnoreMessage = "On a Mac the argument arrives.")]
    public async Task OwnCallsThatDoNotProveThemselves_AreReplaced_AndTheLogSaysSo()
    {
        using DemoProcess demo = new(Emulation.Variables(("XNU_VARIADIC", "lost")), "--once", "--backend", "kqueue");

        (int exitCode, string output, string faults) = await demo.EndAsync();

        Assert.AreEqual(0, exitCode, output + faults);
        Assert.Contains(
            "macOS's own socket calls failed the self-check (a socket is not both non-blocking and close-on-exec)",
            faults
        );
    }

    /// <summary>Without the emulation, as anybody would start it.</summary>
    [TestMethod]
    public async Task BackendOfAnotherSystem_IsRefusedByName()
    {
        string foreign = OperatingSystem.IsMacOS() ? "epoll" : "kqueue";
        using DemoProcess demo = new("--once", "--backend", foreign);

        (int exitCode, string output, string faults) = await demo.EndAsync();

        Assert.AreNotEqual(0, exitCode);
        Assert.Contains($"The backend {foreign} does not work here", output + faults);
    }

    private static void Reset(IPEndPoint door)
    {
        using Socket client = new(door.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(door);
        client.LingerState = new LingerOption(true, 0);
    }
}
