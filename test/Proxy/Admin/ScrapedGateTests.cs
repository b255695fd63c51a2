using System.Net;
using System.Text;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Metrics;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Proxy.Metrics;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Admin;

/// <summary>The real program, asked by its socket and its port.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class ScrapedGateTests : IDisposable
{
    private const string Metrics = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private readonly IPEndPoint _entrance = new(IPAddress.Loopback, Ports.Free());
    private readonly IPEndPoint _port = new(IPAddress.Loopback, Ports.Free());
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fg-");

    private string Socket => Path.Combine(_folder.FullName, "gate.sock");

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public async Task NumbersOfTheRealProgram_AreReadByAnotherParser()
    {
        using GateProcess gate = Start(_entrance.Port, "--metrics-port", $"{_port.Port}");
        using (RawClient client = await RawClient.ConnectAsync(_entrance))
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        using AdminClient asking = new(Socket);
        GateSnapshot? snapshot = null;
        await Until.HoldsAsync(
            async () =>
            {
                snapshot = (await asking.AskAsync(CancellationToken.None)).Snapshot;
                return snapshot?.Closes.Of("client-idle") == 1;
            },
            "the connection has ended"
        );
        Assert.AreEqual(gate.Id, snapshot!.ProcessId);
        using RawClient scraper = await RawClient.ConnectAsync(_port);
        await scraper.SendAsync(Metrics);
        IReadOnlyDictionary<string, double> read = await PrometheusParser.ReadAsync(
            (await scraper.ReadResponseAsync()).Content
        );
        Assert.AreEqual(1, read[$"counter fastgate_requests_total{{listener={_entrance},verdict=refused-path}}"]);
        Assert.AreEqual(1, read[$"histogram fastgate_gate_seconds_count{{}}"]);
        double[] buckets =
        [
            .. read.Where(sample => sample.Key.Contains("gate_seconds_bucket", StringComparison.Ordinal))
                .Select(sample => sample.Value),
        ];
        CollectionAssert.AreEqual(buckets.Order().ToArray(), buckets, "buckets are cumulated");
        gate.Signal("TERM");
        Assert.AreEqual(0, await gate.ExitAsync(), gate.Said);
        Assert.IsEmpty(_folder.GetFileSystemInfos(), "the socket and its lock are gone");
    }

    [TestMethod]
    public async Task SecondGate_SaysItOnce_AndServesWithout_AndTakesOverFromADeadOne()
    {
        using GateProcess first = Start(_entrance.Port);
        IPEndPoint other = new(IPAddress.Loopback, Ports.Free());
        using GateProcess second = Launch(other.Port);
        second.WaitFor($"No numbers are told on {Socket}: another gate serves it.");
        using (RawClient client = await RawClient.ConnectAsync(other))
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        Assert.AreEqual(first.Id, await AskIdAsync());
        second.Signal("TERM");
        Assert.AreEqual(0, await second.ExitAsync(), second.Said);
        Assert.AreEqual(1, second.Said.Split("No numbers are told").Length - 1);
        Assert.AreEqual(first.Id, await AskIdAsync(), "its end takes nothing with it");

        first.Signal("KILL");
        await first.ExitAsync();
        Assert.IsTrue(File.Exists(Socket));
        using GateProcess third = Start(_entrance.Port);
        Assert.AreEqual(third.Id, await AskIdAsync());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task ThousandScrapes_LeaveNoDescriptorAndNoThread()
    {
        using GateProcess gate = Start(_entrance.Port, "--metrics-port", $"{_port.Port}");
        await ScrapeAsync(100);
        (int descriptors, int threads) = Count(gate);
        await ScrapeAsync(1000);
        await Until.HoldsAsync(() => Count(gate).Descriptors <= descriptors, $"no more than {descriptors} descriptors");
        // The runtime's own pool adds one now and then, and takes it back after 20 s.
        Assert.IsLessThanOrEqualTo(threads + 4, Count(gate).Threads);
    }

    [TestMethod]
    public async Task HostileScrapers_DoNotTouchWhatIsServed()
    {
        using GateProcess gate = Start(_entrance.Port, "--metrics-port", $"{_port.Port}");
        List<RawClient> hostile = [];
        for (int i = 0; i < 50; i++)
        {
            hostile.Add(await RawClient.ConnectAsync(_port));
            hostile.Add(await UnixConnectAsync());
            await hostile[^2].SendAsync(i % 2 == 0 ? "GET /metr" : Metrics);
        }
        using RawClient client = await RawClient.ConnectAsync(_entrance);
        for (int i = 0; i < 1000; i++)
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        foreach (RawClient each in hostile)
            each.Connection.Abort();
        using AdminClient asking = new(Socket);
        Assert.AreEqual(
            1000,
            (await asking.AskAsync(CancellationToken.None)).Snapshot?.Listeners[0].Verdicts.Of("refused-path")
        );
        Assert.DoesNotContain("nexpected", gate.Said);
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

    // The backlog of a Unix socket is short: who does not come in at once is refused by the system.
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

    private async Task<int?> AskIdAsync()
    {
        using AdminClient client = new(Socket);
        return (await client.AskAsync(CancellationToken.None)).Snapshot?.ProcessId;
    }

    private GateProcess Start(int entrancePort, params string[] more)
    {
        GateProcess gate = Launch(entrancePort, more);
        gate.WaitFor($"Numbers are told on {Socket}");
        if (more.Length > 0)
            gate.WaitFor($"Numbers are told on http://{_port}/metrics");
        return gate;
    }

    private GateProcess Launch(int entrancePort, params string[] more) =>
        GateProcess.Start([
            "run",
            "--listen",
            $"127.0.0.1:{entrancePort}",
            "--upstream",
            "127.0.0.1:1",
            "--access-log",
            "off",
            "--metrics-socket",
            Socket,
            .. more,
        ]);
}
