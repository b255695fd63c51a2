using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Admin;

/// <summary>
/// Serves the metrics and the status of a running gate on a Unix socket and, if configured, a loopback port. It runs on
/// the thread pool: no loop waits for it, and no exception in it ends the gate. Any thread may call it.
/// </summary>
internal sealed partial class AdminServer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly AdminLimits _limits;
    private readonly AdminSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _listeners = [];
    private readonly List<IPEndPoint> _endPoints = [];
    private OwnerSocket? _socket;
    private volatile string? _page;

    private AdminServer(AdminSource source, AdminLimits limits, TimeProvider time, ILogger log) =>
        (_source, _limits, _time, _log) = (
            source with
            {
                TakeSnapshot = async () => await source.TakeSnapshot() with { StatusPage = _page },
            },
            limits,
            time,
            log
        );

    /// <summary>The TCP addresses that are bound.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => _endPoints;

    /// <summary>The Unix socket is open.</summary>
    public bool HasSocket => _socket is not null;

    /// <summary>Starts serving. An endpoint that cannot be opened is logged and skipped.</summary>
    /// <param name="options">The endpoints.</param>
    /// <param name="source">What is served.</param>
    /// <param name="time">The clock for the limits.</param>
    /// <param name="log">The operational log.</param>
    /// <param name="limits">Null for the defaults.</param>
    public static AdminServer Start(
        AdminOptions options,
        AdminSource source,
        TimeProvider time,
        ILogger log,
        AdminLimits? limits = null
    )
    {
        AdminServer server = new(source, limits ?? new AdminLimits(), time, log);
        server.Open(options);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_listeners);
        _socket?.Dispose();
        _stopping.Dispose();
    }

    private void Open(AdminOptions options)
    {
        try
        {
            if (options.Socket is { } path)
                OpenSocket(path);
            if (options.Port != 0)
                OpenPort(options.Port);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The gate must not end because its metrics fail.
            Log.Unexpected(_log, exception);
        }
    }

    private void OpenSocket(string path)
    {
        _socket = OwnerSocket.TryOpen(path, out string problem);
        if (_socket is null)
        {
            Log.NoSocket(_log, path, problem);
            return;
        }
        Serve(_socket.Socket, isPort: false, () => Log.Socket(_log, path));
    }

    private void OpenPort(int port)
    {
        foreach (IPAddress address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            ListenResult bound = ListenSocket.TryBind(new IPEndPoint(address, port));
            if (bound.Socket is { } listening)
            {
                _endPoints.Add(bound.EndPoint);
                _page ??= $"http://{bound.EndPoint}/";
                Serve(listening, isPort: true, () => Log.Port(_log, bound.EndPoint, bound.EndPoint));
            }
            // A machine without IPv6 has no ::1, which is not worth a warning.
            else if (address.Equals(IPAddress.Loopback) || bound.IsTaken)
                Log.NoPort(_log, bound.EndPoint, bound.Reason);
        }
    }

    private void Serve(Socket socket, bool isPort, Action started)
    {
        AdminSession session = new(_source, _limits, _time, isPort, _log);
        _listeners.Add(Task.Run(() => GuardAsync(socket, session, started)));
    }

    private async Task GuardAsync(Socket socket, AdminSession session, Action started)
    {
        try
        {
            if (await ListenAsync(socket) is not { } listener)
                return;
            started();
            await new AdminListener(listener, session, _limits).RunAsync(_stopping.Token);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // As in Open.
            Log.Unexpected(_log, exception);
        }
    }

    // Null once stopped.
    private async Task<AsyncListener?> ListenAsync(Socket socket)
    {
        bool isLogged = false;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                return new AsyncListener(socket, _time, _log);
            }
            catch (Exception exception) when (exception is IOException or PlatformNotSupportedException)
            {
                // No descriptor is left for its loop. Clients wait in the backlog meanwhile.
                if (!isLogged)
                    Log.Delayed(_log, exception.Message);
                isLogged = true;
                await Task.Delay(Pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        socket.Dispose();
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(340, LogLevel.Information, "Serving metrics on {Path} (fastgate status).")]
        public static partial void Socket(ILogger logger, string path);

        [LoggerMessage(
            341,
            LogLevel.Warning,
            "Serving metrics on {Path} failed: {Problem}. The gate is unaffected; to serve them, set "
                + "\"metrics.socket\" to another path."
        )]
        public static partial void NoSocket(ILogger logger, string path, string problem);

        [LoggerMessage(
            342,
            LogLevel.Information,
            "Serving metrics on http://{EndPoint}/metrics. The status page is http://{Page}/."
        )]
        public static partial void Port(ILogger logger, IPEndPoint endPoint, IPEndPoint page);

        [LoggerMessage(
            344,
            LogLevel.Error,
            "Serving metrics stopped because of an unexpected error; the gate is unaffected."
        )]
        public static partial void Unexpected(ILogger logger, Exception exception);

        [LoggerMessage(
            345,
            LogLevel.Warning,
            "Serving metrics is delayed: {Reason}. The gate is unaffected; starting is retried every 5 seconds."
        )]
        public static partial void Delayed(ILogger logger, string reason);

        [LoggerMessage(
            343,
            LogLevel.Warning,
            "Serving metrics on {EndPoint} failed: {Reason}. The gate is unaffected."
        )]
        public static partial void NoPort(ILogger logger, IPEndPoint endPoint, string reason);
    }
}

/// <summary>Where a gate serves its metrics.</summary>
/// <param name="Socket">The path of a Unix socket; null for none.</param>
/// <param name="Port">A port on 127.0.0.1 and ::1; 0 for none.</param>
internal sealed record AdminOptions(string? Socket, int Port);

/// <summary>What the metrics endpoints serve; called on any thread.</summary>
/// <param name="TakeSnapshot">Takes a snapshot of the gate.</param>
/// <param name="TakeHistory">Returns the last hour.</param>
/// <param name="ExpectProbe">Announces a connection of <c>doctor</c> or <c>install</c>: its client's end, and the
/// gate's; false if the gate does not listen there.</param>
internal sealed record AdminSource(
    Func<Task<GateSnapshot>> TakeSnapshot,
    Func<HistorySnapshot> TakeHistory,
    Func<IPEndPoint, IPEndPoint, bool> ExpectProbe
);

/// <summary>The limits of the metrics endpoints. A client that reaches them affects only other scrapers.</summary>
internal sealed record AdminLimits
{
    /// <summary>Open connections on the socket and on each address; a further one ends the oldest.</summary>
    public int ConnectionsMax { get; init; } = 8;

    /// <summary>Size of a request head. Prometheus sends about 300 bytes.</summary>
    public int HeadBytesMax { get; init; } = 4096;

    /// <summary>Time for a whole connection. Prometheus times out after 10 s by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
