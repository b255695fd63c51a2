using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Metrics;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

/// <summary>What a snapshot shows of requests in progress, and of Ollama.</summary>
[TestClass]
public sealed class InFlightTests
{
    private const string Rule = "POST /v1/chat/completions";

    [TestMethod, BothBackends]
    public async Task Request_IsListedWithItsPhaseAndBytes(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync("POST /v1/");
        RequestSnapshot partial = await OnlyAsync(scene, request => request.Phase == "request");
        Assert.AreEqual("127.0.0.1", partial.Peer);
        Assert.AreEqual("127.0.0.1:0", partial.Listener);
        Assert.IsNull(partial.Method);
        Assert.IsNull(partial.Rule);

        string head = Scene.Post(4)["POST /v1/".Length..];
        await client.SendAsync(head);
        await client.SendAsync("ab");
        RequestSnapshot uploading = await OnlyAsync(
            scene,
            request => request.ReceivedBytes == Scene.Post(4).Length + 2
        );
        Assert.AreEqual($"request: POST, /v1/chat/completions, {Rule}", Describe(uploading));

        await client.SendAsync("cd");
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        RequestSnapshot waiting = await OnlyAsync(scene, request => request.Phase == "waiting");
        Assert.AreEqual(Scene.Post(4).Length + 4, waiting.ReceivedBytes);
        Assert.AreEqual(0, waiting.SentBytes);
        Assert.IsGreaterThan(0, waiting.AgeSeconds);
        Assert.IsNull(waiting.Tokens);

        const string interim = "HTTP/1.1 100 Continue\r\n\r\n";
        await upstream.SendAsync(interim);
        RequestSnapshot continued = await OnlyAsync(scene, request => request.SentBytes == interim.Length);
        Assert.AreEqual("waiting", continued.Phase, "an interim response is not the response");

        const string begun = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no";
        await upstream.SendAsync(begun);
        RequestSnapshot streaming = await OnlyAsync(
            scene,
            request => request.SentBytes == interim.Length + begun.Length
        );
        Assert.AreEqual($"response: POST, /v1/chat/completions, {Rule}", Describe(streaming));
        await upstream.SendAsync("k");
        await Until.HoldsAsync(async () => (await InFlightAsync(scene.Gate)).Count == 0, "the exchange is over");
    }

    [TestMethod, BothBackends]
    public async Task TokensOfAStream_AreItsChunks(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Post(0));
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        await upstream.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na\n\nb\r\n1\r\nc\r\n5");
        RequestSnapshot streaming = await OnlyAsync(scene, request => request.Tokens is not null);
        Assert.AreEqual(2, streaming.Tokens, "the third chunk has not begun");
        await upstream.SendAsync("\r\nhello\r\n");
        await OnlyAsync(scene, request => request.Tokens == 3);
        await upstream.SendAsync("0\r\n\r\n");
        await Until.HoldsAsync(async () => (await InFlightAsync(scene.Gate)).Count == 0, "the exchange is over");
    }

    [TestMethod, BothBackends]
    public async Task ManyRequests_AreCounted_AndTheOldestListed(Way way)
    {
        const int more = 20;
        await using Scene scene = await Scene.StartAsync(way, options => options with { Loops = 2 });
        for (int i = 1; i <= InFlightSnapshot.RequestsMax + more; i++)
        {
            RawClient client = await scene.ConnectAsync();
            await client.SendAsync("GET /api");
            await Until.HoldsAsync(async () => (await InFlightAsync(scene.Gate)).Count == i, $"request {i} is seen");
        }
        InFlightSnapshot requests = await InFlightAsync(scene.Gate);
        Assert.HasCount(InFlightSnapshot.RequestsMax, requests.Requests);
        Assert.AreEqual(InFlightSnapshot.RequestsMax + more, requests.Phases[0].Count);
        double[] ages = [.. requests.Requests.Select(request => request.AgeSeconds)];
        CollectionAssert.AreEqual(ages.OrderDescending().ToArray(), ages);
    }

    [TestMethod]
    public async Task SnapshotOfAStoppedGate_IsTaken()
    {
        await using Scene scene = await Scene.StartAsync(Ways.Best);
        await scene.Gate.Gate.StopAsync();
        Assert.AreEqual(0, (await InFlightAsync(scene.Gate)).Count);
    }

    /// <summary>Without any request; the gate notices only because it is asked.</summary>
    [TestMethod, BothBackends]
    public async Task Upstream_IsUpAsSoonAsItListens(Way way)
    {
        using Server first = new(new IPEndPoint(IPAddress.Loopback, 0));
        await using RunningGate gate = await RunningGate.StartAsync(first.EndPoint, way, ["@seed"]);
        Assert.IsTrue(await IsUpAsync(gate));
        first.Dispose();
        await Until.HoldsAsync(async () => !await IsUpAsync(gate), "its connections end");
        using Server second = new(first.EndPoint);
        await Until.HoldsAsync(() => IsUpAsync(gate), "it listens again");
        Assert.IsGreaterThan(0, (await gate.Gate.TakeSnapshotAsync()).ReadyConnections);
    }

    private static async Task<bool> IsUpAsync(RunningGate gate) => (await gate.Gate.TakeSnapshotAsync()).UpstreamUp;

    private static async Task<InFlightSnapshot> InFlightAsync(RunningGate gate) =>
        (await gate.Gate.TakeSnapshotAsync()).InFlight;

    private static async Task<RequestSnapshot> OnlyAsync(Scene scene, Func<RequestSnapshot, bool> condition)
    {
        RequestSnapshot? found = null;
        await Until.HoldsAsync(
            async () =>
            {
                found = (await InFlightAsync(scene.Gate)).Requests.SingleOrDefault();
                return found is not null && condition(found);
            },
            "the request is in progress"
        );
        return found!;
    }

    private static string Describe(RequestSnapshot request) =>
        $"{request.Phase}: {request.Method}, {request.Route}, {request.Rule}";

    /// <summary>Accepts connections and keeps them open until disposed.</summary>
    private sealed class Server : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _accepted = [];

        public Server(IPEndPoint endPoint)
        {
            _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            _listener.Bind(endPoint);
            _listener.Listen();
            EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
            _ = AcceptAsync();
        }

        public IPEndPoint EndPoint { get; }

        public void Dispose()
        {
            _listener.Dispose();
            lock (_accepted)
                _accepted.ForEach(socket => socket.Dispose());
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    Socket socket = await _listener.AcceptAsync();
                    lock (_accepted)
                        _accepted.Add(socket);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Disposed.
            }
        }
    }
}
