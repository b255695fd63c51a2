using System.Net.Sockets;
using System.Text.RegularExpressions;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Gate;
using FastGate.Test.Faults;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

/// <summary>
/// Each path of a connection through the phases of a session. Together they take every transition of the chart in
/// ARCHITECTURE.md, and no other.
/// </summary>
[TestClass]
public sealed partial class SessionPhaseTests
{
    private const string KeptAlive = "Idle ReadingHead SendingRequest AwaitingResponse Idle Closed";
    private const string Connected = "Idle ReadingHead Connecting SendingRequest AwaitingResponse Idle Closed";
    private const string Refused = "Idle ReadingHead Replying Idle Closed";
    private const string RefusedUpload = "Idle ReadingHead Replying Lingering Closed";
    private const string HeadCutOff = "Idle ReadingHead Closed";
    private const string Unreachable = "Idle ReadingHead Connecting Replying Idle Closed";
    private const string Uploaded =
        "Idle ReadingHead SendingRequest ReadingContent SendingRequest AwaitingResponse Idle Closed";
    private const string EarlyResponse =
        "Idle ReadingHead SendingRequest ReadingContent AwaitingResponse Lingering Closed";
    private const string Retried =
        "Idle ReadingHead SendingRequest AwaitingResponse Idle ReadingHead SendingRequest AwaitingResponse "
        + "Connecting SendingRequest AwaitingResponse Idle Closed";
    private const string BadResponse = "Idle ReadingHead SendingRequest AwaitingResponse Replying Lingering Closed";
    private const string CutResponse = "Idle ReadingHead SendingRequest AwaitingResponse Closed";
    private const string LastRequest = "Idle ReadingHead SendingRequest AwaitingResponse Lingering Closed";
    private const string RefusedAfterTheEnd =
        "Idle ReadingHead SendingRequest AwaitingResponse Idle ReadingHead Replying Closed";

    private static readonly string Architecture = Path.Combine(SourceTree.Root, "ARCHITECTURE.md");

    private static readonly string[] Paths =
    [
        KeptAlive,
        Connected,
        Refused,
        RefusedUpload,
        HeadCutOff,
        Unreachable,
        Uploaded,
        EarlyResponse,
        Retried,
        BadResponse,
        CutResponse,
        LastRequest,
        RefusedAfterTheEnd,
    ];

    private volatile string _path = nameof(SessionPhase.Idle);

    [TestMethod, BothBackends]
    public async Task RequestOnAReadyConnection(Way way)
    {
        await using Scene scene = await StartAsync(way);
        (RawClient client, _) = await scene.ConnectThroughAsync();
        await EndAsync(client, KeptAlive);
    }

    [TestMethod, BothBackends]
    public async Task RequestWithoutAReadyConnection(Way way)
    {
        await using Scene scene = await StartAsync(way, ready: 0);
        (RawClient client, _) = await scene.ConnectThroughAsync();
        await EndAsync(client, Connected);
    }

    [TestMethod, BothBackends]
    public async Task RefusedRequest(Way way)
    {
        await using Scene scene = await StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        await EndAsync(client, Refused);
    }

    [TestMethod, BothBackends]
    public async Task RefusedRequestWithContentToFollow(Way way)
    {
        await using Scene scene = await StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        string request = "POST /api/pull HTTP/1.1\r\nHost: gate\r\nContent-Length: 9\r\n\r\n";
        Assert.AreEqual(403, (await client.ExchangeAsync(request)).Status);
        await EndAsync(client, RefusedUpload);
    }

    [TestMethod, BothBackends]
    public async Task ClientThatEndsInAHead(Way way)
    {
        await using Scene scene = await StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync("GET /api");
        await ReachAsync("Idle ReadingHead");
        await EndAsync(client, HeadCutOff);
    }

    [TestMethod, BothBackends]
    public async Task UpstreamThatCannotBeReached(Way way)
    {
        await using Scene scene = await StartAsync(way, ready: 0);
        scene.Upstream.Dispose();
        RawClient client = await scene.ConnectAsync();
        Assert.AreEqual(503, (await client.ExchangeAsync(Scene.Get)).Status);
        await EndAsync(client, Unreachable);
    }

    [TestMethod, BothBackends]
    public async Task ContentInTwoPieces(Way way)
    {
        await using Scene scene = await StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        RawConnection upstream = await SendHalfAsync(scene, client);
        await client.SendAsync("half");
        await upstream.ReadExactlyAsync(4);
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        await EndAsync(client, Uploaded);
    }

    [TestMethod, BothBackends]
    public async Task ResponseBeforeTheContent(Way way)
    {
        await using Scene scene = await StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        RawConnection upstream = await SendHalfAsync(scene, client);
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        await EndAsync(client, EarlyResponse);
    }

    [TestMethod, BothBackends]
    public async Task PersistentConnectionThatDiesDuringTheNextRequest(Way way)
    {
        await using Scene scene = await StartAsync(way);
        (RawClient client, RawConnection upstream) = await scene.ConnectThroughAsync();
        await client.SendAsync(Scene.Get);
        await upstream.ReadHeadAsync();
        upstream.Dispose();
        await (await scene.NextUpstreamAsync()).RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        await EndAsync(client, Retried);
    }

    [TestMethod, BothBackends]
    public async Task ResponseThatIsMalformed(Way way)
    {
        await using Scene scene = await StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get);
        await (await scene.NextUpstreamAsync()).RespondAsync("not HTTP\r\n\r\n");
        Assert.AreEqual(502, (await client.ReadResponseAsync()).Status);
        await EndAsync(client, BadResponse);
    }

    [TestMethod, BothBackends]
    public async Task ResponseUntilTheCloseThatIsReset(Way way)
    {
        await using Scene scene = await StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync("HTTP/1.1 200 OK\r\n\r\npart");
        await client.Connection.ReadThroughAsync("part"u8.ToArray());
        upstream.Abort();
        await Assert.ThrowsExactlyAsync<SocketException>(() => client.Connection.ReadToEndAsync());
        await EndAsync(client, CutResponse);
    }

    [TestMethod, BothBackends]
    public async Task RequestWithConnectionClose(Way way)
    {
        await using Scene scene = await StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync("GET /api/version HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n");
        await (await scene.NextUpstreamAsync()).RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        await EndAsync(client, LastRequest);
    }

    [TestMethod, BothBackends]
    public async Task RefusedRequestOfAClientThatHasEnded(Way way)
    {
        await using Scene scene = await StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get + "GET /api/ps HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n");
        client.Connection.FinishSending();
        RawConnection upstream = await scene.NextUpstreamAsync();
        // A few turns of the loop: the gate has seen the end.
        for (int i = 0; i < 5; i++)
            await Census.TakeAsync(scene.Gate.Gate);
        await upstream.RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        await EndAsync(client, RefusedAfterTheEnd);
    }

    [TestMethod]
    public void Chart_HasTheseTransitionsAndNoOther()
    {
        string taken = Sorted(Paths.Select(path => path.Split(' ')).SelectMany(phases => phases.Zip(phases.Skip(1))));
        IEnumerable<Match> diagram = File.ReadLines(Architecture).Select(line => DiagramEdge().Match(line));
        IEnumerable<(string From, string To)> table = Chart().Select(row => (row.Phase, row.Next));
        Assert.AreEqual(taken, Sorted(table.Where(edge => edge.From != "any")));
        Assert.AreEqual(
            taken,
            Sorted(
                diagram.Where(match => match.Success).Select(match => (match.Groups[1].Value, match.Groups[2].Value))
            )
        );
    }

    [TestMethod]
    public void Chart_HasOnlyWordsOfTheAccessLog()
    {
        HashSet<string> known = [.. Enum.GetValues<CloseReason>().Select(CloseReasons.Text), .. VerdictWords.All];
        string[] words =
        [
            .. Chart().SelectMany(row => CodeWord().Matches(row.Words)).Select(match => match.Groups[1].Value),
        ];
        Assert.IsGreaterThan(20, words.Length);
        Assert.AreEqual("", string.Join(' ', words.Except(known)));
    }

    private static string Sorted(IEnumerable<(string From, string To)> edges) =>
        string.Join('\n', edges.Distinct().Select(edge => $"{edge.From} --> {edge.To}").Order(StringComparer.Ordinal));

    private static async Task<RawConnection> SendHalfAsync(Scene scene, RawClient client)
    {
        await client.SendAsync(Scene.Post(8, "half"));
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        await upstream.ReadExactlyAsync(4);
        return upstream;
    }

    private static IEnumerable<(string Phase, string Next, string Words)> Chart()
    {
        string[] names = [.. Enum.GetNames<SessionPhase>(), "any"];
        return File.ReadLines(Architecture)
            .Select(line => line.Split('|').Select(cell => cell.Trim(' ', '`')).ToArray())
            .Where(cells => cells.Length == 7 && names.Contains(cells[1]) && names.Contains(cells[3]))
            .Select(cells => (cells[1], cells[3], $"`{cells[5]}`"));
    }

    private async Task<Scene> StartAsync(Way way, int ready = 4)
    {
        Scene scene = await Scene.StartAsync(
            way,
            options => options with { Upstream = options.Upstream with { ReadyConnections = ready } }
        );
        Worker worker = scene.Gate.Gate.Workers[0];
        await Census.UntilAsync(scene.Gate.Gate, _ => worker.Pool.ReadyConnections == ready);
        await worker.Loop.PostAsync(() => worker.PhaseObserver = Record);
        return scene;
    }

    private async Task EndAsync(RawClient client, string path)
    {
        client.Dispose();
        await ReachAsync(path);
    }

    private void Record(SessionPhase from, SessionPhase to)
    {
        Assert.EndsWith($"{from}", _path);
        if (to != from)
            _path += $" {to}";
    }

    private async Task ReachAsync(string path)
    {
        try
        {
            await Until.HoldsAsync(() => _path == path, path);
        }
        catch (TimeoutException)
        {
            Assert.AreEqual(path, _path);
        }
    }

    [GeneratedRegex(@"^ +(\w+) --> (\w+)(: .*)?$")]
    private static partial Regex DiagramEdge();

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex CodeWord();
}
