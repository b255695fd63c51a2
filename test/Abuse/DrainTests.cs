using System.Net.Sockets;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>The program receives SIGTERM under load.</summary>
[TestClass]
[TestCategory(Category.Process)]
[OSCondition(OperatingSystems.Linux)]
public sealed class DrainTests : IDisposable
{
    private const int Streams = 100;

    // The emulated kqueue covers the program's own logic; shutdown under load is tested where kqueue is native.
    private static IEnumerable<object[]> Backends =>
        OperatingSystem.IsMacOS()
            ?
            [
                ["kqueue"],
                ["portable"],
            ]
            :
            [
                ["epoll"],
                ["portable"],
            ];

    private readonly TaggingUpstream _upstream = new();
    private readonly Tally _tally = new();

    public void Dispose() => _upstream.Dispose();

    [TestMethod]
    [DynamicData(nameof(Backends))]
    public async Task Terminated_FinishesEveryResponseInFlight_AcceptsNoConnections_EndsWith0(string backend)
    {
        TaskCompletionSource halfway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _upstream.Halfway = halfway.Task;
        using GateRun gate = GateRun.Start(_upstream.Endpoint, "{}", "--backend", backend);
        Task[] streams = [.. Enumerable.Range(0, Streams).Select(i => StreamAsync(gate, (ResponseFraming)(i % 3)))];
        await Until.HoldsAsync(() => _upstream.Requests == Streams, "every response is half sent");
        using RawClient idle = await RawClient.ConnectAsync(gate.Endpoint);
        await idle.ExchangeAsync("GET /api/ps HTTP/1.1\r\nHost: gate\r\n\r\n");

        gate.Process.Signal("TERM");
        gate.Process.WaitFor("Stopping");
        Assert.IsEmpty(await idle.Connection.ReadToEndAsync());
        await Assert.ThrowsExactlyAsync<SocketException>(() => RawClient.ConnectAsync(gate.Endpoint));
        Assert.AreEqual(0, _tally.Correct);

        halfway.SetResult();
        await Task.WhenAll(streams);
        Assert.AreEqual(Streams, _tally.Correct, _tally.FirstFault);
        Assert.AreEqual(0, await gate.Process.ExitAsync(), gate.Process.Output);
        Assert.Contains("Stopped.", gate.Process.Output);
        Assert.DoesNotContain("cut off", gate.Process.Output);
    }

    [TestMethod]
    [DynamicData(nameof(Backends))]
    public async Task DrainTimeOver_CutsOffNonReaders_LogsIt_EndsWith0(string backend)
    {
        using GateRun gate = GateRun.Start(
            _upstream.Endpoint,
            """{"limits": {"drainSeconds": 0.5}}""",
            "--backend",
            backend
        );
        using NeverReaders never = NeverReaders.Start(gate.Endpoint, Streams, firstPeer: 0);
        await Until.HoldsAsync(() => never.WithUnreadBytes == Streams, "every client has unread bytes");
        gate.Process.Signal("TERM");
        Assert.AreEqual(0, await gate.Process.ExitAsync(), gate.Process.Output);
        Assert.Contains("Responses still in flight after 0.5 s were cut off.", gate.Process.Output);
        Assert.Contains("Stopped.", gate.Process.Output);
    }

    [TestMethod]
    [DynamicData(nameof(Backends))]
    public async Task TerminatedUnderLoad_CutsOffNoResponse(string backend)
    {
        const int clients = 16;
        using GateRun gate = GateRun.Start(_upstream.Endpoint, "{}", "--backend", backend);
        Task[] busy = [.. Enumerable.Range(0, clients).Select(_ => ExchangeUntilClosedAsync(gate))];
        await Until.HoldsAsync(() => _tally.Correct > 50 * clients, "all clients are busy");
        gate.Process.Signal("TERM");
        await Task.WhenAll(busy).WithinDeadline();
        Assert.IsTrue(_tally.IsClean, _tally.FirstFault);
        Assert.AreEqual(0, await gate.Process.ExitAsync(), gate.Process.Output);
    }

    private async Task StreamAsync(GateRun gate, ResponseFraming form)
    {
        using RawClient client = await RawClient.ConnectAsync(gate.Endpoint);
        CheckedRequest request = new("POST", "/v1/chat/completions", new ResponsePlan(_tally.NextId(), form, 5000, 500))
        {
            Content = [1, 2, 3],
        };
        await client.Connection.SendAsync(request.Wire());
        _tally.Count(request, request.Classify(await client.ReadResponseAsync()), excused: false, "wrong response");
    }

    // The gate may close the connection only between two exchanges.
    private async Task ExchangeUntilClosedAsync(GateRun gate)
    {
        using RawClient client = await RawClient.ConnectAsync(gate.Endpoint);
        while (true)
        {
            CheckedRequest request = new(
                "GET",
                "/v1/models/m",
                new ResponsePlan(_tally.NextId(), ResponseFraming.Chunked, 20_000, 1000)
            );
            if (!await TryBeginAsync(client, request))
                return;
            _tally.Count(request, request.Classify(await client.ReadResponseAsync()), excused: false, "wrong response");
        }
    }

    private static async Task<bool> TryBeginAsync(RawClient client, CheckedRequest request)
    {
        try
        {
            await client.Connection.SendAsync(request.Wire());
            return await client.Connection.ReceiveAsync();
        }
        catch (SocketException)
        {
            // The gate closed the connection just before the request arrived, which no server can avoid (RFC 9112
            // §9.5).
            return false;
        }
    }
}
