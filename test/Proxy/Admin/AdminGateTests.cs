using System.Net;
using System.Text;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Metrics;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Proxy.Metrics;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Admin;

/// <summary>The real program's metrics, on its socket and its port.</summary>
[TestClass]
[TestCategory(Category.Process)]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class AdminGateTests : IDisposable
{
    private const string Metrics = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private readonly IPEndPoint _listener = new(IPAddress.Loopback, Ports.Free());
    private readonly IPEndPoint _port = new(IPAddress.Loopback, Ports.Free());
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fg-");

    private string Socket => Path.Combine(_folder.FullName, "gate.sock");

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public async Task MetricsOfTheRealProgram_AreValidPrometheusText()
    {
        using GateProcess gate = Start(_listener.Port, "--metrics-port", $"{_port.Port}");
        using (RawClient client = await RawClient.ConnectAsync(_listener))
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        using AdminClient admin = new(Socket);
        GateSnapshot? snapshot = null;
        await Until.HoldsAsync(
            async () =>
            {
                snapshot = (await admin.GetStatusAsync(CancellationToken.None)).Snapshot;
                return snapshot?.ConnectionsClosed.Of("client-idle") == 1;
            },
            "the connection has ended"
        );
        Assert.AreEqual(gate.Id, snapshot!.ProcessId);
        using RawClient scraper = await RawClient.ConnectAsync(_port);
        await scraper.SendAsync(Metrics);
        IReadOnlyDictionary<string, double> read = await PrometheusParser.ReadAsync(
            (await scraper.ReadResponseAsync()).Content
        );
        Assert.AreEqual(1, read[$"counter fastgate_requests_total{{listener={_listener},verdict=refused-path}}"]);
        Assert.AreEqual(1, read[$"histogram fastgate_gate_seconds_count{{}}"]);
        double[] buckets =
        [
            .. read.Where(sample => sample.Key.Contains("gate_seconds_bucket", StringComparison.Ordinal))
                .Select(sample => sample.Value),
        ];
        CollectionAssert.AreEqual(buckets.Order().ToArray(), buckets, "buckets are cumulative");
        gate.Signal("TERM");
        Assert.AreEqual(0, await gate.ExitAsync(), gate.Output);
        Assert.IsEmpty(_folder.GetFileSystemInfos(), "the socket and its lock are gone");
    }

    [TestMethod]
    public async Task SecondGate_RunsWithoutTheSocket_AndReplacesThatOfAnEndedGate()
    {
        using GateProcess first = Start(_listener.Port);
        IPEndPoint other = new(IPAddress.Loopback, Ports.Free());
        using GateProcess second = Launch(other.Port);
        second.WaitFor($"Serving metrics on {Socket} failed: another gate serves it.");
        using (RawClient client = await RawClient.ConnectAsync(other))
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        Assert.AreEqual(first.Id, await ReadIdAsync());
        second.Signal("TERM");
        Assert.AreEqual(0, await second.ExitAsync(), second.Output);
        Assert.AreEqual(1, second.Output.Split($"Serving metrics on {Socket} failed").Length - 1);
        Assert.AreEqual(first.Id, await ReadIdAsync(), "the first gate's socket stays");

        first.Signal("KILL");
        await first.ExitAsync();
        Assert.IsTrue(File.Exists(Socket));
        using GateProcess third = Start(_listener.Port);
        Assert.AreEqual(third.Id, await ReadIdAsync());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task ThousandScrapes_LeakNoDescriptorAndNoThread()
    {
        using GateProcess gate = Start(_listener.Port, "--metrics-port", $"{_port.Port}");
        await ScrapeAsync(100);
        (int descriptors, int threads) = Count(gate);
        await ScrapeAsync(1000);
        await Until.HoldsAsync(() => Count(gate).Descriptors <= descriptors, $"no more than {descriptors} descriptors");
        // The thread pool adds a few threads on a busy machine, and removes them after 20 s; a leak adds one for each
        // scrape.
        Assert.IsLessThanOrEqualTo(threads + 16, Count(gate).Threads);
    }

    [TestMethod]
    public async Task HostileScrapers_DoNotAffectTheGate()
    {
        using GateProcess gate = Start(_listener.Port, "--metrics-port", $"{_port.Port}");
        List<RawClient> hostile = [];
        for (int i = 0; i < 50; i++)
        {
            hostile.Add(await RawClient.ConnectAsync(_port));
            hostile.Add(await UnixConnectAsync());
            await hostile[^2].SendAsync(i % 2 == 0 ? "GET /metr" : Metrics);
        }
        using RawClient client = await RawClient.ConnectAsync(_listener);
        for (int i = 0; i < 1000; i++)
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        foreach (RawClient scraper in hostile)
            scraper.Connection.Abort();
        using AdminClient admin = new(Socket);
        Assert.AreEqual(
            1000,
            (await admin.GetStatusAsync(CancellationToken.None)).Snapshot?.Listeners[0].Verdicts.Of("refused-path")
        );
        Assert.DoesNotContain("nexpected", gate.Output);
    }

    private static (int Descriptors, int Threads) Count(GateProcess gate) =>
        (
            Directory.GetFileSystemEntries($"/proc/{gate.Id}/fd").Length,
            Directory.GetDirectories($"/proc/{gate.Id}/task").Length
        );

    private async Task ScrapeAsync(int times)
    {
        for (int i = 0; i < times; i++)
        {
            using RawClient client =
                i % 2 == 0 ? await RawClient.ConnectAsync(_port) : await UnixConnection.ConnectAsync(Socket);
            await client.SendAsync(Metrics);
            Assert.StartsWith("# HELP", Encoding.UTF8.GetString((await client.ReadResponseAsync()).Content));
        }
    }

    // The backlog of a Unix socket is short, and the system refuses connections beyond it.
    private async Task<RawClient> UnixConnectAsync()
    {
        try
        {
            return await UnixConnection.ConnectAsync(Socket);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return await RawClient.ConnectAsync(_port);
        }
    }

    private async Task<int?> ReadIdAsync()
    {
        using AdminClient client = new(Socket);
        return (await client.GetStatusAsync(CancellationToken.None)).Snapshot?.ProcessId;
    }

    private GateProcess Start(int listenPort, params string[] more)
    {
        GateProcess gate = Launch(listenPort, more);
        gate.WaitFor($"Serving metrics on {Socket}");
        if (more.Length > 0)
            gate.WaitFor($"Serving metrics on http://{_port}/metrics");
        return gate;
    }

    private GateProcess Launch(int listenPort, params string[] more) =>
        GateProcess.Start([
            "run",
            "--listen",
            $"127.0.0.1:{listenPort}",
            "--upstream",
            "127.0.0.1:1",
            "--access-log",
            "off",
            "--metrics-socket",
            Socket,
            .. more,
        ]);
}
