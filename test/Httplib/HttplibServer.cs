using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FastGate.Test.Support;

namespace FastGate.Test.Httplib;

/// <summary>
/// A small server that parses requests like a version of cpp-httplib, according to its source
/// (<c>Server::process_request</c>, <c>detail::read_headers</c>). Both versions respond with 400 to a field line of
/// more than 8192 bytes and read what follows as new requests.
/// </summary>
internal sealed class HttplibServer : IWitness
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HttplibVersion _version;
    private readonly ConcurrentQueue<GoReport> _seen = new();
    private readonly ConcurrentDictionary<int, HttplibConnection> _open = new();
    private readonly ConcurrentDictionary<IPEndPoint, TaskCompletionSource> _accepted = new();
    private readonly SemaphoreSlim _closed = new(0);

    public HttplibServer(HttplibVersion version)
    {
        _version = version;
        _listener.Start(512);
        _ = AcceptAsync();
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    public async Task<IReadOnlyList<GoReport>> SyncAsync()
    {
        await AcceptAllEarlierAsync();
        while (_open.Values.Any(connection => connection.IsBusy))
            await _closed.WaitAsync().WithinDeadline();
        return Taken();
    }

    public async Task<IReadOnlyList<GoReport>> EndAsync()
    {
        await AcceptAllEarlierAsync();
        while (!_open.IsEmpty)
            await _closed.WaitAsync().WithinDeadline();
        return Taken();
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private List<GoReport> Taken()
    {
        List<GoReport> taken = [];
        while (_seen.TryDequeue(out var report))
            taken.Add(report);
        return taken;
    }

    // The backlog is in order: once this method's own connection has been accepted, every earlier one has been accepted
    // and registered.
    private async Task AcceptAllEarlierAsync()
    {
        using var own = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        own.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Task mine = SignalOf((IPEndPoint)own.LocalEndPoint!).Task;
        await own.ConnectAsync(Endpoint).WithinDeadline();
        await mine.WithinDeadline();
    }

    private TaskCompletionSource SignalOf(IPEndPoint peer) =>
        _accepted.GetOrAdd(peer, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task AcceptAsync()
    {
        try
        {
            for (int number = 1; ; number++)
            {
                var socket = await _listener.AcceptSocketAsync();
                if (_accepted.TryRemove((IPEndPoint)socket.RemoteEndPoint!, out var own))
                {
                    socket.Dispose();
                    own.SetResult();
                    continue;
                }
                int name = number;
                socket.NoDelay = true;
                var connection = new HttplibConnection(
                    socket,
                    _version,
                    (head, content) => _seen.Enqueue(ReportOf(name, head, content))
                );
                _open[name] = connection;
                _ = ServeAsync(name, socket, connection);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over, and the listener is closed.
        }
    }

    private async Task ServeAsync(int name, Socket socket, HttplibConnection connection)
    {
        using (socket)
        {
            try
            {
                await connection.RunAsync();
            }
            catch (SocketException)
            {
                // The gate has reset the connection.
            }
            finally
            {
                _open.TryRemove(name, out _);
                _closed.Release();
            }
        }
    }

    private static GoReport ReportOf(int connection, HttplibHead head, byte[] content) =>
        new(
            $"{connection}",
            head.Method,
            head.Target,
            head.Path,
            head.Field("Host"),
            head.Version,
            [],
            head.ContentLength,
            head.IsChunked,
            content.Length,
            Hash.Of(content),
            ""
        );
}
