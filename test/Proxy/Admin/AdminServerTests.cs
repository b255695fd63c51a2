using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Metrics;
using FastGate.Test.Proxy.Metrics;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Proxy.Admin;

/// <summary>The responses, the clients that get them, and hostile scrapers.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class AdminServerTests
{
    private const string Metrics = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

    // Long enough for a busy machine, short enough to wait for.
    private static readonly AdminLimits Short = new() { ConnectionsMax = 2, Timeout = TimeSpan.FromSeconds(1) };

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task BothFormats_AreServed_OnSocketAndPort(bool isPort)
    {
        await using AdminScene scene = new();
        RawResponse text = await scene.SendAsync(Metrics, isPort);
        Assert.AreEqual(200, text.Status);
        Assert.AreEqual("text/plain; version=0.0.4; charset=utf-8", text.Field("Content-Type"));
        Assert.AreEqual(Encoding.UTF8.GetString(PrometheusText.Write(Samples.Snapshot)), text.Text);
        RawResponse json = await scene.SendAsync("GET /status.json?x HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", isPort);
        Assert.AreEqual("application/json", json.Field("Content-Type"));
        string page = $"http://127.0.0.1:{scene.Port}/";
        Assert.AreEqual(
            Encoding.UTF8.GetString(SnapshotJson.Write(Samples.Snapshot with { StatusPage = page })),
            json.Text
        );
        RawResponse history = await scene.SendAsync("GET /history.json HTTP/1.1\r\nHost: localhost\r\n\r\n", isPort);
        Assert.AreEqual("application/json", history.Field("Content-Type"));
        Assert.AreEqual(Encoding.UTF8.GetString(SnapshotJson.Write(Samples.History)), history.Text);
        RawResponse head = await scene.SendAsync("HEAD /metrics HTTP/1.0\r\nHost: [::1]\r\n\r\n", isPort);
        Assert.AreEqual(text.Field("Content-Length"), head.Field("Content-Length"));
    }

    [TestMethod]
    [DataRow("POST /probes/127.0.0.1/50000/::1/11434", 200, "127.0.0.1:50000 [::1]:11434")]
    [DataRow("POST /probes/127.0.0.1/50000/::1/11435", 404, "127.0.0.1:50000 [::1]:11435")]
    [DataRow("POST /probes/127.0.0.1/50000/::1", 404, "")]
    [DataRow("POST /probes/127.0.0.1/50000/::1/11434/1", 404, "")]
    [DataRow("POST /probes/127.0.0.1/70000/::1/11434", 404, "")]
    [DataRow("POST /probes/localhost/50000/::1/11434", 404, "")]
    [DataRow("GET /probes/127.0.0.1/50000/::1/11434", 405, "")]
    public async Task Probes_AreAnnouncedOnTheSocketOnly(string request, int status, string announced)
    {
        await using AdminScene scene = new();
        request += " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        RawResponse response = await scene.SendAsync(request, isPort: false);
        Assert.AreEqual(status, response.Status);
        Assert.AreEqual(status == 405 ? "POST" : null, response.Field("Allow"));
        Assert.AreEqual(announced, string.Join(", ", scene.Probes));
        scene.Probes.Clear();
        Assert.IsTrue((await scene.SendAsync(request, isPort: true)).Status is 404 or 405);
        Assert.IsEmpty(scene.Probes);
    }

    [TestMethod]
    public async Task AnnouncementOfAClient_IsUnderstood()
    {
        await using AdminScene scene = new();
        using AdminClient client = new(scene.Socket);
        IPEndPoint local = new(IPAddress.Parse("fe80::1%1"), 50_000);
        Assert.AreEqual(
            ProbeAnnouncement.Accepted,
            await client.AnnounceProbeAsync(local, new IPEndPoint(IPAddress.IPv6Loopback, 11434), default)
        );
        Assert.AreEqual(
            ProbeAnnouncement.Rejected,
            await client.AnnounceProbeAsync(local, new IPEndPoint(IPAddress.Loopback, 1), default)
        );
        Assert.AreEqual("[fe80::1]:50000 [::1]:11434, [fe80::1]:50000 127.0.0.1:1", string.Join(", ", scene.Probes));
        using AdminClient none = new(scene.Socket + "-none");
        Assert.AreEqual(ProbeAnnouncement.NoGate, await none.AnnounceProbeAsync(local, local, default));
    }

    [TestMethod]
    [DataRow("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n", 404)]
    [DataRow("GET /metrics/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [DataRow("GET /%6detrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 404)]
    [DataRow("GET /api/tags HTTP/1.1\r\nHost: localhost\r\n\r\n", 404)]
    [DataRow("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc", 405)]
    [DataRow("get /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 405)]
    [DataRow("GET /metrics HTTP/1.1\r\n\r\n", 400)]
    [DataRow("GET http://localhost/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [DataRow("nonsense\r\n\r\n", 400)]
    [DataRow("GET /metrics HTTP/3.0\r\nHost: localhost\r\n\r\n", 505)]
    public async Task AnythingElse_IsRefused(string request, int status)
    {
        await using AdminScene scene = new();
        foreach (bool isPort in (bool[])[false, true])
        {
            RawResponse response = await scene.SendAsync(request, isPort);
            Assert.AreEqual(status, response.Status);
            Assert.DoesNotContain("fastgate_", response.Text);
        }
    }

    [TestMethod]
    [DataRow("Host: evil.example.com:9464\r\n")]
    [DataRow("Host: 192.168.1.5\r\n")]
    [DataRow("")]
    public async Task OtherHost_IsRefusedOnThePort_ButNotOnTheSocket(string field)
    {
        await using AdminScene scene = new();
        string request = $"GET /metrics HTTP/1.0\r\n{field}\r\n";
        RawResponse refused = await scene.SendAsync(request, isPort: true);
        Assert.AreEqual(403, refused.Status);
        Assert.DoesNotContain("fastgate_", refused.Text);
        Assert.AreEqual(200, (await scene.SendAsync(request, isPort: false)).Status);
    }

    [TestMethod]
    public async Task Port_IsBoundOnLoopbackOnly()
    {
        await using AdminScene scene = new();
        IPEndPoint[] bound =
        [
            .. IPGlobalProperties
                .GetIPGlobalProperties()
                .GetActiveTcpListeners()
                .Where(endPoint => endPoint.Port == scene.Port),
        ];
        Assert.IsNotEmpty(bound);
        Assert.IsTrue(
            bound.All(endPoint => IPAddress.IsLoopback(endPoint.Address)),
            string.Join<IPEndPoint>(' ', bound)
        );
        CollectionAssert.AreEquivalent(bound, scene.Server.EndPoints.ToArray());
    }

    [TestMethod]
    public async Task PortInUse_IsLogged_AndTheSocketServes()
    {
        await using AdminScene first = new();
        RecordingLogger log = new();
        await using AdminServer second = AdminServer.Start(
            new AdminOptions(first.Socket, first.Port),
            new AdminSource(() => Task.FromResult(Samples.Snapshot), () => Samples.History, (_, _) => false),
            TimeProvider.System,
            log
        );
        Assert.IsFalse(second.HasSocket);
        Assert.IsEmpty(second.EndPoints);
        Assert.AreEqual(
            1,
            log.Lines.Count(line => line.Text.Contains("another gate serves it", StringComparison.Ordinal))
        );
        Assert.IsTrue(
            log.Lines.Where(line => line.Level == LogLevel.Warning)
                .Skip(1)
                .All(line => line.Text.Contains("another program listens there", StringComparison.Ordinal))
        );
        Assert.AreEqual(200, (await first.SendAsync(Metrics, isPort: false)).Status);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task SilentScrapers_DelayNoOther(bool isPort)
    {
        await using AdminScene scene = new(Short);
        List<RawClient> silent = [];
        for (int i = 0; i < 2 * Short.ConnectionsMax; i++)
        {
            silent.Add(await scene.ConnectAsync(isPort));
            // Before later ones close the oldest.
            if (i < Short.ConnectionsMax)
                await silent[i].SendAsync("GET /metr");
        }
        Assert.AreEqual(200, (await scene.SendAsync(Metrics, isPort)).Status);
        Assert.AreEqual(200, (await scene.SendAsync(Metrics, !isPort)).Status, "the other endpoint is unaffected");
        foreach (RawClient client in silent)
        {
            await EndsAsync(client);
            client.Dispose();
        }
    }

    /// <summary>Checks that the connection ends without a response, or with a reset if it has sent unread
    /// bytes.</summary>
    private static async Task EndsAsync(RawClient client)
    {
        try
        {
            Assert.IsEmpty(await client.Connection.ReadToEndAsync());
        }
        catch (SocketException exception)
        {
            Assert.AreEqual(SocketError.ConnectionReset, exception.SocketErrorCode);
        }
    }

    /// <summary>200 slow connections once delayed all others by half a minute: their timeout, times 200, divided by the
    /// connections served at a time.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task ManySlowScrapers_DelayNoOther(bool isPort)
    {
        await using AdminScene scene = new(new AdminLimits { Timeout = TimeSpan.FromHours(1) });
        List<RawClient> slow = [];
        for (int i = 0; i < 200; i++)
        {
            slow.Add(await scene.ConnectAsync(isPort));
            await slow[^1].SendAsync("GET /metr");
        }
        for (int i = 0; i < 3; i++)
            Assert.AreEqual(200, (await scene.SendAsync(Metrics, isPort).WithinDeadline()).Status);
        // The oldest connections were ended, the newest were not.
        await EndsAsync(slow[0]);
        await slow[^1].SendAsync("ics HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.AreEqual(200, (await slow[^1].ReadResponseAsync()).Status);
        foreach (RawClient client in slow)
            client.Dispose();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task EndlessHead_IsRefusedAtTheLimit(bool isPort)
    {
        await using AdminScene scene = new();
        using RawClient client = await scene.ConnectAsync(isPort);
        await client.SendAsync(
            $"GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 2 * new AdminLimits().HeadBytesMax)}"
        );
        Assert.AreEqual(431, (await client.ReadResponseAsync()).Status);
        client.Connection.FinishSending();
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
        Assert.AreEqual(200, (await scene.SendAsync(Metrics, isPort)).Status);
    }

    [TestMethod]
    public async Task ScraperThatDoesNotRead_TimesOut()
    {
        // More than fits into the buffers of both sides.
        GateSnapshot large = Samples.Snapshot with
        {
            Version = new string('x', 32 << 20),
        };
        await using AdminScene scene = new(Short with { ConnectionsMax = 1 }, () => large);
        using RawClient unreading = await scene.ConnectAsync(isPort: true);
        await unreading.SendAsync(Metrics);
        Assert.AreEqual(
            404,
            (await scene.SendAsync("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n", isPort: true)).Status
        );
    }

    [TestMethod]
    public async Task ExceptionInASnapshot_EndsTheConnection_AndIsLoggedOnce()
    {
        int snapshots = 0;
        await using AdminScene scene = new(takeSnapshot: () =>
            ++snapshots > 3 ? Samples.Snapshot : throw new InvalidOperationException("no snapshot")
        );
        for (int i = 0; i < 3; i++)
        {
            using RawClient client = await scene.ConnectAsync(isPort: false);
            await client.SendAsync(Metrics);
            Assert.IsEmpty(await client.Connection.ReadToEndAsync());
        }
        Assert.AreEqual(200, (await scene.SendAsync(Metrics, isPort: false)).Status);
        Assert.AreEqual(1, scene.Log.Count(LogLevel.Error));
    }

    [TestMethod]
    public async Task Disposal_DoesNotWaitForScrapers()
    {
        AdminScene scene = new(new AdminLimits { Timeout = TimeSpan.FromHours(1) });
        using RawClient silent = await scene.ConnectAsync(isPort: false);
        await silent.SendAsync("GET");
        using RawClient done = await scene.ConnectAsync(isPort: true);
        await done.SendAsync(Metrics);
        await done.ReadResponseAsync();
        await scene.DisposeAsync().AsTask().WithinDeadline();
        Assert.IsEmpty(await silent.Connection.ReadToEndAsync());
    }
}
