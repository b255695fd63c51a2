using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

/// <summary>
/// Client, gate and upstream as blocking raw sockets in one process, access log on: an exchange on a persistent
/// connection allocates nothing, on the gate's thread or elsewhere.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed class AllocationTests
{
    private const int WarmUps = 3_000;
    private const int Exchanges = 10_000;
    private const int Rounds = 3;

    // What the measurement costs (a post to the loop, a task), and what the runtime allocates meanwhile.
    private const long NoiseBytes = 4096;

    [TestMethod]
    public Task SmallExchange_AllocatesNothing() =>
        Check(Scene.Get, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + new string('x', 20));

    /// <summary>.NET's asynchronous operations are reused as well.</summary>
    [TestMethod]
    public Task SmallExchangeOnThePortableBackend_AllocatesNothing() =>
        Check(Scene.Get, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + new string('x', 20), "portable");

    [TestMethod]
    public Task ChunkedResponseToContent_AllocatesNothing() =>
        Check(
            Scene.Post(2000, new string('c', 2000)),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n400\r\n"
                + new string('x', 1024)
                + "\r\n0\r\n\r\n"
        );

    [TestMethod]
    public Task LargeContent_AllocatesNothing() =>
        Check(
            Scene.Post(48_000, new string('c', 48_000)),
            "HTTP/1.1 200 OK\r\nContent-Length: 1024\r\n\r\n" + new string('x', 1024)
        );

    [TestMethod]
    public Task Refusal_AllocatesNothing() => Check(Scene.Forbidden, response: null);

    /// <summary>The requests of doctor, which are counted elsewhere.</summary>
    [TestMethod]
    public Task AnnouncedConnection_AllocatesNothing() =>
        Check(Scene.Get, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + new string('x', 20), isProbe: true);

    /// <summary>A path that no other request has: each takes the counter of another refused route.</summary>
    [TestMethod]
    public Task RefusalsOfDistinctPaths_AllocateNothing() =>
        Check("GET /0000000 HTTP/1.1\r\nHost: gate\r\n\r\n", response: null, counterAt: "GET /000000".Length);

    /// <summary>
    /// The allocation of a connection with its upstream connection; .NET's two sockets are half of it.
    /// </summary>
    [TestMethod]
    public async Task NewConnection_CostsAFewKilobytes()
    {
        const int connections = 500;
        const string response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        using BlockingUpstream upstream = new(Scene.Get.Length, Encoding.ASCII.GetBytes(response));
        await using RunningGate gate = await RunningGate.StartAsync(
            RunningGate.Options(upstream.Endpoint, Ways.Best, ["@seed"]) with
            {
                Backend = "auto",
            }
        );
        Loop loop = gate.Gate.Workers[0].Loop;
        ConnectAndExchange(gate, response.Length, connections);
        long before = await loop.PostAsync(GC.GetAllocatedBytesForCurrentThread);
        ConnectAndExchange(gate, response.Length, connections);
        long bytesPerConnection = (await loop.PostAsync(GC.GetAllocatedBytesForCurrentThread) - before) / connections;
        TestContext.WriteLine($"{bytesPerConnection} bytes per connection");
        Assert.IsInRange(1, 16 * 1024, bytesPerConnection);
    }

    public required TestContext TestContext { get; set; }

    private static void ConnectAndExchange(RunningGate gate, int responseLength, int times)
    {
        for (int i = 0; i < times; i++)
        {
            using BlockingClient client = new(gate.Endpoint, Encoding.ASCII.GetBytes(Scene.Get), responseLength);
            client.Exchange(1);
        }
    }

    private static async Task Check(
        string request,
        string? response,
        string backend = "auto",
        int? counterAt = null,
        bool isProbe = false
    )
    {
        int rounds = 0;
        string folder = Directory.CreateTempSubdirectory("fastgate-").FullName;
        using BlockingUpstream upstream = new(
            Encoding.ASCII.GetBytes(request).Length,
            Encoding.ASCII.GetBytes(response ?? "")
        );
        GateOptions options = RunningGate.Options(upstream.Endpoint, Ways.Best, ["@seed"]) with
        {
            AccessLog = Path.Combine(folder, "access.log"),
            Backend = backend,
        };
        AccessLogWriter accessLog;
        await using (RunningGate gate = await RunningGate.StartAsync(options))
        {
            accessLog = gate.Gate.AccessLog!;
            Loop loop = gate.Gate.Workers[0].Loop;
            using BlockingClient client = new(
                gate.Endpoint,
                Encoding.ASCII.GetBytes(request),
                response?.Length,
                counterAt
            );
            if (isProbe)
                Assert.IsTrue(gate.Gate.ExpectProbe(client.LocalEndPoint, gate.Endpoint));
            client.Exchange(WarmUps);
            long onLoop = long.MaxValue,
                everywhere = long.MaxValue;
            // The total includes the test runner's own threads, so the best of a few rounds counts.
            for (int round = 0; round < Rounds && (onLoop > NoiseBytes || everywhere >= Exchanges); round++, rounds++)
            {
                long loopBefore = await loop.PostAsync(GC.GetAllocatedBytesForCurrentThread);
                long before = GC.GetTotalAllocatedBytes(precise: true);
                client.Exchange(Exchanges);
                everywhere = GC.GetTotalAllocatedBytes(precise: true) - before;
                onLoop = await loop.PostAsync(GC.GetAllocatedBytesForCurrentThread) - loopBefore;
            }
            Assert.IsLessThanOrEqualTo(NoiseBytes, onLoop, $"bytes on the loop's thread for {Exchanges} exchanges");
            Assert.IsLessThan(Exchanges, everywhere, "bytes in the process: less than one per exchange");
            Assert.AreEqual(
                isProbe ? WarmUps + (rounds * Exchanges) : 0,
                (await gate.Gate.TakeSnapshotAsync()).ProbeRequests
            );
        }
        // On a busy machine, the log thread may drop some lines; they are counted.
        int lines = File.ReadLines(options.AccessLog!)
            .Count(line => line.Contains("\"peer\"", StringComparison.Ordinal));
        Assert.AreEqual(WarmUps + (rounds * Exchanges), lines + accessLog.Dropped);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Sends one request after another and reads as many bytes as the first response had.</summary>
    private sealed class BlockingClient : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };
        private readonly byte[] _buffer = new byte[8192];
        private readonly byte[] _request;
        private readonly int? _counterAt;
        private int? _responseLength;

        /// <param name="gate">Its address.</param>
        /// <param name="request">The request to send.</param>
        /// <param name="responseLength">The length of the response; null for that of the first one.</param>
        /// <param name="counterAt">The last digit of a number in the request that increases with each.</param>
        public BlockingClient(IPEndPoint gate, byte[] request, int? responseLength, int? counterAt = null)
        {
            _request = request;
            _counterAt = counterAt;
            _responseLength = responseLength;
            _socket.ReceiveTimeout = 15_000;
            _socket.Connect(gate);
        }

        public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

        public void Exchange(int times)
        {
            for (int i = 0; i < times; i++)
            {
                _socket.Send(_request);
                int length = 0;
                do length += _socket.Receive(_buffer.AsSpan(length));
                while (length < _responseLength);
                _responseLength ??= length;
                Assert.AreEqual(_responseLength, length);
                for (int? digit = _counterAt; digit is { } at && ++_request[at] > '9'; digit--)
                    _request[at] = (byte)'0';
            }
        }

        public void Dispose() => _socket.Dispose();
    }

    /// <summary>
    /// An upstream that reads requests of one length and sends one response; one blocking thread per connection.
    /// </summary>
    private sealed class BlockingUpstream : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly byte[] _response;
        private readonly int _requestLength;

        /// <param name="requestLength">The length as the client sends it, with the host <c>gate</c>.</param>
        /// <param name="response">The complete response.</param>
        public BlockingUpstream(int requestLength, byte[] response)
        {
            _response = response;
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen();
            _requestLength = requestLength - "gate".Length + $"localhost:{Endpoint.Port}".Length;
            new Thread(Accept) { IsBackground = true }.Start();
        }

        public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndPoint!;

        public void Dispose() => _listener.Dispose();

        private void Accept()
        {
            try
            {
                while (true)
                {
                    Socket socket = _listener.Accept();
                    socket.NoDelay = true;
                    new Thread(() => Serve(socket)) { IsBackground = true }.Start();
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The test is over, and the listener is disposed.
            }
        }

        private void Serve(Socket socket)
        {
            byte[] buffer = new byte[64 * 1024];
            int length = 0;
            while (socket.Receive(buffer, SocketFlags.None, out _) is > 0 and int count)
            {
                length += count;
                if (length < _requestLength)
                    continue;
                length -= _requestLength;
                socket.Send(_response, SocketFlags.None, out _);
            }
            socket.Dispose();
        }
    }
}
