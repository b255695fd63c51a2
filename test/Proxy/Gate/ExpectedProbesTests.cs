using System.Net;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Metrics;
using FastGate.Test.Proxy.Metrics;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

[TestClass]
public sealed class ExpectedProbesTests
{
    private static readonly IPAddress Own = IPAddress.Parse("100.64.0.1");

    private readonly TestTimeProvider _time = new();
    private readonly ExpectedProbes _probes;

    public ExpectedProbesTests() => _probes = new ExpectedProbes(_time);

    [TestMethod]
    public void Announcement_HoldsForOneConnection()
    {
        Assert.IsFalse(_probes.TryTake(Own, 50_000, 1));
        Assert.IsTrue(_probes.TryAdd(new IPEndPoint(Own, 50_000), 1));
        Assert.IsFalse(_probes.TryTake(Own, 50_001, 1), "another port");
        Assert.IsFalse(_probes.TryTake(IPAddress.Parse("100.64.0.2"), 50_000, 1), "another address");
        Assert.IsFalse(_probes.TryTake(Own, 50_000, 0), "another listener");
        Assert.IsTrue(_probes.TryTake(Own, 50_000, 1));
        Assert.IsFalse(_probes.TryTake(Own, 50_000, 1), "the port may belong to another program by now");
    }

    [TestMethod]
    public void Announcement_Expires()
    {
        _probes.TryAdd(new IPEndPoint(Own, 50_000), 0);
        _probes.TryAdd(new IPEndPoint(Own, 50_001), 0);
        _time.Advance(ExpectedProbes.Lifetime - TimeSpan.FromTicks(1));
        Assert.IsTrue(_probes.TryTake(Own, 50_000, 0));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.IsFalse(_probes.TryTake(Own, 50_001, 0));
    }

    [TestMethod]
    public void Announcements_AreLimited()
    {
        for (int i = 0; i < ExpectedProbes.CountMax; i++)
            Assert.IsTrue(_probes.TryAdd(new IPEndPoint(Own, 50_000 + i), 0));
        Assert.IsFalse(_probes.TryAdd(new IPEndPoint(Own, 1), 0));
        _time.Advance(ExpectedProbes.Lifetime);
        Assert.IsTrue(_probes.TryAdd(new IPEndPoint(Own, 1), 0), "the others have expired");
    }

    [TestMethod]
    [DataRow("::ffff:127.0.0.1", "127.0.0.1")]
    [DataRow("fe80::1", "fe80::1%4")]
    [DataRow("fe80::1%2", "fe80::1%4")]
    public void OneAddress_HasTwoSpellings(string announced, string seen)
    {
        _probes.TryAdd(new IPEndPoint(IPAddress.Parse(announced), 50_000), 0);
        Assert.IsTrue(_probes.TryTake(IPAddress.Parse(seen), 50_000, 0));
    }

    [TestMethod, BothBackends]
    public async Task AnnouncedConnection_IsInTheLogOnly(Way way)
    {
        string folder = Directory.CreateTempSubdirectory("fastgate-").FullName;
        string log = Path.Combine(folder, "access.log");
        await using (Scene scene = await Scene.StartAsync(way, options => options with { AccessLog = log }))
        {
            RawClient probe = await scene.ConnectAsync();
            RawClient client = await scene.ConnectAsync();
            GateServer gate = scene.Gate.Gate;
            Assert.IsTrue(gate.ExpectProbe(probe.Connection.LocalEndPoint, scene.Gate.Endpoint));
            Assert.IsFalse(
                gate.ExpectProbe(client.Connection.LocalEndPoint, scene.Upstream.Endpoint),
                "the gate does not listen there"
            );
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
            Assert.AreEqual(403, (await probe.ExchangeAsync(Scene.Forbidden)).Status);
            await probe.SendAsync(Scene.Get);
            RawConnection upstream = await scene.NextUpstreamAsync();
            await upstream.RespondAsync();
            Assert.AreEqual(200, (await probe.ReadResponseAsync()).Status);
            probe.Dispose();
            GateSnapshot counted = await scene.Gate.CountsAsync(exchanges: 1, ended: 1);
            Assert.AreEqual(2, counted.ProbeRequests);
            Assert.AreEqual("refused-path 1", counted.Listeners[0].Verdicts.Describe());
            Assert.AreEqual("", counted.Listeners[0].RuleCounts.Describe());
            Assert.AreEqual(1, counted.RefusedRoutes.Single().Count);
            Assert.AreEqual(0, counted.FirstByteTime.Count);
            Assert.AreEqual(1, counted.GateTime.Count);
            Assert.AreEqual("client-idle 1", counted.ConnectionsClosed.Describe());
        }
        LogLine[] lines =
        [
            .. File.ReadAllLines(log).Select(line => LogLineReader.Read(System.Text.Encoding.ASCII.GetBytes(line))!),
        ];
        Assert.AreEqual(
            "/api/ps False, /api/ps True, /api/version True",
            string.Join(", ", lines.Select(line => $"{line.Path} {line.IsProbe}"))
        );
        Directory.Delete(folder, recursive: true);
    }
}
