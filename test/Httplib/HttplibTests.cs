using System.Net;
using FastGate.Proxy.Gate;
using FastGate.Test.Differential;
using FastGate.Test.Support;

namespace FastGate.Test.Httplib;

/// <summary>
/// No forbidden request runs on a server that parses like cpp-httplib; the same streams, sent without a gate, do run.
/// </summary>
[TestClass]
public sealed class HttplibTests
{
    private const int CookieBytes = 8500;
    private const int StreamsAtATime = 48;
    private const int Seed = 20261127;

    public static IEnumerable<(Way, HttplibVersion)> Gated() =>
        from way in OperatingSystem.IsLinux() ? (Way[])[Way.Epoll, Way.Portable] : [Way.Portable]
        from version in Enum.GetValues<HttplibVersion>()
        select (way, version);

    /// <summary>Checks that the test can fail: without a gate, the streams exploit each hole.</summary>
    [TestMethod]
    [DataRow(
        HttplibVersion.V011,
        "a long field line",
        "a long field name",
        "a long request line",
        "content that no method announces",
        "a method that the server does not know"
    )]
    [DataRow(
        HttplibVersion.V053,
        "a long field line",
        "a long field name",
        "a method that the server does not know",
        "many field lines"
    )]
    public async Task WithoutAGate_EachHoleIsFound(HttplibVersion version, params string[] holes)
    {
        foreach (var (kind, streams) in HttplibStreams.ByKind)
        {
            await using var witness = new HttplibServer(version);
            await SendAsync(witness.Endpoint, streams);
            Assert.AreEqual(holes.Contains(kind), (await ForbiddenAsync(witness)).Count > 0, kind);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Gated))]
    public async Task ThroughAGate_NoHoleIsFound(Way way, HttplibVersion version)
    {
        await using var witness = new HttplibServer(version);
        await using (var gate = await StartAsync(witness, way))
        {
            foreach (var (kind, streams) in HttplibStreams.ByKind)
            {
                await SendAsync(gate.Endpoint, streams);
                Assert.IsEmpty((await witness.SyncAsync()).Where(IsForbidden), kind);
            }
        }
        Assert.IsEmpty(await ForbiddenAsync(witness));
    }

    /// <summary>A long cookie, followed after a moment by content that is a request, cut at every offset.</summary>
    [TestMethod]
    [DynamicData(nameof(Gated))]
    public async Task LongCookieThenContent_CutAnywhere_RunsNothing(Way way, HttplibVersion version)
    {
        await using var witness = new HttplibServer(version);
        await using (var gate = await StartAsync(witness, way))
        {
            string text = HttplibStreams.LongLine(CookieBytes, methodAndTarget: "GET /v1/models");
            string post = HttplibStreams.LongLine(CookieBytes, lengthFirst: true);
            int step = way == Way.Epoll ? 1 : 8;
            await SendAsync(
                gate.Endpoint,
                from cut in Enumerable.Range(1, post.Length - 1)
                where cut % step == 0
                select new StreamCase(cut, "cookie", cut % 2 == 0 ? post : text, [Math.Min(cut, text.Length - 1)])
            );
            string[] both = [text, post];
            // This attack needs luck, so it is repeated: the content is sent a moment after the head.
            await SendAsync(
                gate.Endpoint,
                from again in Enumerable.Range(0, 200)
                let one = both[again % 2]
                select new StreamCase(again, "cookie", one, [one.Length - HttplibStreams.Save.Length])
            );
        }
        Assert.IsEmpty(await ForbiddenAsync(witness));
    }

    /// <summary>Just within the limits, the request passes, and both servers read its content as content.</summary>
    [TestMethod]
    [DynamicData(nameof(Gated))]
    public async Task LinesAtTheLimit_PassAndAreContent(Way way, HttplibVersion version)
    {
        await using var witness = new HttplibServer(version);
        await using (var gate = await StartAsync(witness, way))
        {
            string target = $"POST /api/show?{new string('q', 8190 - "POST /api/show? HTTP/1.1".Length)}";
            foreach (
                string text in (string[])
                    [
                        HttplibStreams.LongLine(8190),
                        HttplibStreams.LongLine(8190, true),
                        HttplibStreams.LongLine(20, false, target),
                    ]
            )
            {
                foreach (int cut in (int[])[1, text.Length - HttplibStreams.Save.Length, text.Length - 1])
                {
                    using var client = await RawClient.ConnectAsync(gate.Endpoint);
                    await client.SendAsync(text[..cut]);
                    await client.SendAsync(text[cut..]);
                    Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
                }
            }
        }
        var reports = await witness.EndAsync();
        Assert.HasCount(9, reports);
        Assert.IsTrue(
            reports.All(report => report.Method == "POST" && report.ContentSha256 == Hash.OfLatin1(HttplibStreams.Save))
        );
    }

    /// <summary>The server responds before the content, and the client sends the content after the response.</summary>
    [TestMethod]
    [DataRow(Way.Direct, true)]
    [DataRow(Way.Epoll, false)]
    [DataRow(Way.Portable, false)]
    public async Task ContentAfterAnEarlyResponse_RunsOnlyWithoutAGate(Way way, bool runs)
    {
        if (way == Way.Epoll && !OperatingSystem.IsLinux())
            Required.Missing("epoll");
        await using var witness = new HttplibServer(HttplibVersion.V011);
        await using (var entrance = await Entrance.OpenAsync(way, witness.Endpoint, HttplibStreams.Allow))
        {
            foreach (int early in (int[])[0, 1, 20])
            {
                using var client = await RawClient.ConnectAsync(entrance.Endpoint);
                string filler = new('x', early);
                await client.SendAsync(
                    $"POST /v1/chat/completions?do=hasty HTTP/1.1\r\nHost: "
                        + $"localhost\r\nContent-Length: {early + HttplibStreams.Save.Length}\r\n\r\n"
                );
                if (early == 0)
                    Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
                await client.SendAsync(filler);
                if (early > 0)
                    Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
                await SendInVainAsync(client, $"{(early > 0 ? "\r\n" : "")}{HttplibStreams.Save}");
            }
        }
        Assert.AreEqual(runs, (await ForbiddenAsync(witness)).Count > 0);
    }

    [TestMethod]
    [DynamicData(nameof(Gated))]
    public async Task GeneratedStreams_RunNothing(Way way, HttplibVersion version)
    {
        await using var witness = new HttplibServer(version);
        var tally = await LeakRun.RunAsync("gate", way, Streams(4000), witness);
        Assert.AreEqual(
            0,
            tally.Count(ViolationKind.Forbidden),
            $"seed {Seed}: {tally}\n{string.Join('\n', tally.Violations.Take(5))}"
        );
        Assert.IsGreaterThan(2000, tally.Arrived, "too few requests arrived to prove anything");
    }

    [TestMethod]
    [DataRow("first-request-only", HttplibVersion.V011)]
    [DataRow("first-request-only", HttplibVersion.V053)]
    [DataRow("direct", HttplibVersion.V011)]
    [DataRow("direct", HttplibVersion.V053)]
    public async Task GeneratedStreams_RunThroughAKnownLeak(string through, HttplibVersion version)
    {
        await using var witness = new HttplibServer(version);
        var tally = await LeakRun.RunAsync(through, Way.Direct, Streams(1000), witness);
        Assert.IsGreaterThan(0, tally.Count(ViolationKind.Forbidden), $"{tally}");
    }

    private static IEnumerable<StreamCase> Streams(int count) =>
        Enumerable.Range(0, count).Select(new StreamSource(Seed).Make);

    private static Task<RunningGate> StartAsync(HttplibServer witness, Way way) =>
        RunningGate.StartAsync(
            RunningGate.Options(witness.Endpoint, way, HttplibStreams.Allow) with
            {
                Limits = new GateLimits { ConnectionsPerPeerMax = 1024 },
            }
        );

    private static async Task<IReadOnlyList<GoReport>> ForbiddenAsync(HttplibServer witness) =>
        [.. (await witness.EndAsync()).Where(IsForbidden)];

    private static bool IsForbidden(GoReport report) => HttplibStreams.IsForbidden(report.Path);

    private static Task SendAsync(IPEndPoint entrance, IEnumerable<StreamCase> streams) =>
        Parallel.ForEachAsync(
            streams,
            new ParallelOptions { MaxDegreeOfParallelism = StreamsAtATime },
            async (stream, _) => await StreamSender.SendAndGoAsync(entrance, stream)
        );

    // The gate may already have closed.
    private static async Task SendInVainAsync(RawClient client, string text)
    {
        try
        {
            await client.SendAsync(text);
            await client.Connection.ReceiveAsync();
        }
        catch (System.Net.Sockets.SocketException)
        {
            // A reset also ends the connection.
        }
    }
}
