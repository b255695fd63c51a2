using System.Net;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Test.Proxy.Listening;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Gate;

/// <summary>
/// Tailscale Serve takes peers' connections before the gate's sockets do, as observed with tailscaled 1.96.5.
/// </summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class ServeWatchTests : IAsyncDisposable
{
    private const string Tcp = """{"TCP":{"11434":{"TCPForward":"127.0.0.1:11434"}}}""";

    private static readonly IPEndPoint Ollama = new(IPAddress.Loopback, 11434);

    private readonly FakeTailscaled _daemon = new();
    private readonly RecordingLogger _log = new();
    private readonly FakeTimeProvider _time = new();

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [TestMethod]
    [DataRow(Tcp, "tailscale serve --tcp=11434 11434")]
    [DataRow(
        """{"Foreground":{"s":{"TCP":{"11434":{"TCPForward":"127.0.0.1:9"}}}}}""",
        "tailscale serve --tcp=11434 11434"
    )]
    [DataRow(
        """{"TCP":{"11434":{"HTTP":true}},"Web":{"b:11434":{"Handlers":{"/":{"Text":"x"}}}}}""",
        "tailscale serve --http=11434 11434"
    )]
    [DataRow(
        """{"TCP":{"443":{"HTTPS":true}},"Web":{"b:443":{"Handlers":{"/":{"Proxy":"http://localhost:11434"}}}},"AllowFunnel":{"b:443":true}}""",
        "tailscale funnel --https=443 "
    )]
    [DataRow("""{"TCP":{"9000":{"TCPForward":"0.0.0.0:11434"}}}""", "tailscale serve --tcp=9000 ")]
    [DataRow(
        """{"Services":{"svc:o":{"TCP":{"11434":{"TCPForward":"127.0.0.1:11434"}}}}}""",
        "tailscale serve --service=svc:o --tcp=11434 "
    )]
    [DataRow(
        """{"Services":{"svc:o":{"TCP":{"11434":{"TCPForward":"100.87.6.5:11434"}}}}}""",
        "",
        DisplayName = "a service that leads to the gate"
    )]
    [DataRow(
        """{"Services":{"svc:o":{"TCP":{"11434":{"TCPForward":"127.0.0.1:3000"}}}}}""",
        "",
        DisplayName = "another service's own addresses"
    )]
    [DataRow(
        """{"TCP":{"443":{"HTTPS":true}},"Web":{"b:443":{"Handlers":{"/":{"Proxy":"http://127.0.0.1:3000"}}}}}""",
        "",
        DisplayName = "another program"
    )]
    [DataRow("null", "")]
    public async Task EntriesThatGetPastTheGate_AreFound(string config, string expected)
    {
        _daemon.Serve = config;
        ServeWatch watch = Make();
        await LookAsync(watch, Machines.Linux, "100.87.6.5:11434");
        Assert.AreEqual(
            expected,
            string.Join('|', watch.Bypasses.Select(entry => $"{entry.Entry.Description} {entry.Taken}"))
        );
    }

    [TestMethod]
    public async Task Change_IsLoggedOnce_WithTheCure()
    {
        ServeWatch watch = Make();
        await LookAsync(watch, Machines.Linux, "100.87.6.5:11434", times: 3);
        Assert.IsEmpty(_log.Lines);
        _daemon.Serve = Tcp;
        await LookAsync(watch, Machines.Linux, "100.87.6.5:11434", times: 3);
        (LogLevel level, _, string text) = _log.Lines.Single();
        Assert.AreEqual(LogLevel.Warning, level);
        StringAssert.Contains(text, "to port 11434 before they reach the gate and forwards them to 127.0.0.1:11434");
        StringAssert.EndsWith(text, "to turn it off: sudo tailscale serve --tcp=11434 off.");
        _log.Clear();
        _daemon.Serve = "{}";
        await LookAsync(watch, Machines.Linux, "100.87.6.5:11434", times: 3);
        Assert.AreEqual("\"tailscale serve --tcp=11434\" no longer bypasses the gate.", _log.Lines.Single().Text);
    }

    [TestMethod]
    public async Task DaemonThatDoesNotRespond_HasTurnedNothingOff()
    {
        _daemon.Serve = Tcp;
        ServeWatch watch = Make();
        await LookAsync(watch, Machines.Linux, "100.87.6.5:11434");
        _daemon.Serve = "error";
        await LookAsync(watch, Machines.Linux, "100.87.6.5:11434");
        Assert.HasCount(1, watch.Bypasses);
        await LookAsync(watch, Machines.MacWithoutTailscale, "127.0.0.1:11434");
        Assert.IsEmpty(watch.Bypasses, "without a Tailscale address there is nothing to get past");
    }

    [TestMethod]
    [DataRow("127.0.0.1:11434")]
    [DataRow("10.0.0.5:11434")]
    [DataRow("")]
    public async Task GateThatIsOnNoTailscaleAddress_SendsNoRequest(string bound)
    {
        _daemon.Serve = Tcp;
        await LookAsync(Make(), Machines.Linux, bound);
        Assert.AreEqual(0, _daemon.Served);
    }

    [TestMethod]
    public async Task GateOnEveryAddress_IsBypassedToo()
    {
        _daemon.Serve = Tcp;
        ServeWatch watch = Make();
        await LookAsync(watch, Machines.Linux, "0.0.0.0:11434");
        Assert.HasCount(1, watch.Bypasses);
        await LookAsync(watch, Machines.MacWithoutTailscale, "0.0.0.0:11434");
        Assert.IsEmpty(watch.Bypasses);
    }

    [TestMethod]
    public async Task Polls_AreRare_ExceptAfterANotification()
    {
        ServeWatch watch = Make();
        await LookAsync(watch, Machines.Linux, "100.87.6.5:11434", pause: TimeSpan.FromSeconds(2), times: 11);
        Assert.AreEqual(3, _daemon.Served, "at 0, 10 and 20 s");
        await watch.CheckAsync([Point("100.87.6.5:11434")], Machines.Linux, haveAddressesChanged: true);
        Assert.AreEqual(4, _daemon.Served);
    }

    [TestMethod]
    public async Task HolderOfAPort_IsKnown_OnTailscalesAddressesOnly()
    {
        _daemon.Serve = Tcp;
        ServeWatch watch = Make();
        await LookAsync(watch, Machines.Linux, "100.87.6.5:11434");
        Assert.IsNotNull(watch.FindAt(IPEndPoint.Parse("100.87.6.5:11434")));
        Assert.IsNotNull(watch.FindAt(IPEndPoint.Parse("[fd7a:115c:a1e0::a01:605]:11434")));
        Assert.IsNull(watch.FindAt(IPEndPoint.Parse("10.0.0.5:11434")));
        Assert.IsNull(watch.FindAt(IPEndPoint.Parse("100.87.6.5:11435")));
    }

    private ServeWatch Make() => new(new TailscaleDaemon([_daemon.SocketPath]), Ollama, _time, _log);

    private async Task LookAsync(
        ServeWatch watch,
        IReadOnlyList<InterfaceAddress> machine,
        string bound,
        TimeSpan? pause = null,
        int times = 1
    )
    {
        ListenPoint[] points = bound.Length == 0 ? [] : [Point(bound)];
        for (int n = 0; n < times; n++)
        {
            await watch.CheckAsync(points, machine, haveAddressesChanged: false).WithinDeadline();
            _time.Advance(pause ?? ServeWatch.CheckInterval);
        }
    }

    private static ListenPoint Point(string text) => new(0, IPEndPoint.Parse(text));
}
