using System.Net;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Admin;

/// <summary>
/// Tells the numbers of a running gate on a Unix socket, and on a loopback port if that is asked for. On threads of its
/// own: no loop ever waits for it, and no fault in it ends the gate. Any thread may call it.
/// </summary>
internal sealed partial class AdminServer : IAsyncDisposable
{
    private readonly AdminLimits _limits;
    private readonly Func<GateSnapshot> _take;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _doors = [];
    private readonly List<IPEndPoint> _endPoints = [];
    private OwnerSocket? _socket;

    private AdminServer(Func<GateSnapshot> take, AdminLimits limits, TimeProvider time, ILogger log) =>
        (_take, _limits, _time, _log) = (take, limits, time, log);

    /// <summary>The addresses that are bound.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => _endPoints;

    /// <summary>True when the socket is there.</summary>
    public bool HasSocket => _socket is not null;

    /// <summary>Opens what can be opened; what cannot is told, and done without.</summary>
    /// <param name="options">Where.</param>
    /// <param name="take">Takes the numbers; any thread may call it.</param>
    /// <param name="time">The clock of the limits.</param>
    /// <param name="log">The operational log.</param>
    /// <param name="limits">Other than the usual ones.</param>
    public static AdminServer Start(
        AdminOptions options,
        Func<GateSnapshot> take,
        TimeProvider time,
        ILogger log,
        AdminLimits? limits = null
    )
    {
        AdminServer server = new(take, limits ?? new AdminLimits(), time, log);
        server.Open(options);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_doors);
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
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Whatever a system can think of: the gate is worth more than its numbers.
            Log.Unexpected(_log, fault);
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
        Log.Socket(_log, path);
        Open(new AsyncListener(_socket.Socket, _time, _log), isPort: false);
    }

    private void OpenPort(int port)
    {
        foreach (IPAddress address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            ListenResult bound = ListenSocket.TryBind(new IPEndPoint(address, port));
            if (bound.Socket is { } listening)
            {
                _endPoints.Add(bound.EndPoint);
                Log.Port(_log, bound.EndPoint);
                Open(new AsyncListener(listening, _time, _log), isPort: true);
            }
            // A machine without IPv6 has no ::1, and lacks nothing.
            else if (address.Equals(IPAddress.Loopback) || bound.IsTaken)
                Log.NoPort(_log, bound.EndPoint, bound.Reason);
        }
    }

    private void Open(AsyncListener listener, bool isPort)
    {
        AdminSession session = new(_take, _limits, _time, isPort, _log);
        _doors.Add(Task.Run(() => GuardAsync(new AdminListener(listener, session, _limits))));
    }

    private async Task GuardAsync(AdminListener door)
    {
        try
        {
            await door.RunAsync(_stopping.Token);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The same as for opening.
            Log.Unexpected(_log, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(340, LogLevel.Information, "Numbers are told on {Path} (fastgate status).")]
        public static partial void Socket(ILogger logger, string path);

        [LoggerMessage(
            341,
            LogLevel.Warning,
            "No numbers are told on {Path}: {Problem}. The gate does without; to have them, name "
                + "another path as \"metrics.socket\"."
        )]
        public static partial void NoSocket(ILogger logger, string path, string problem);

        [LoggerMessage(342, LogLevel.Information, "Numbers are told on http://{EndPoint}/metrics.")]
        public static partial void Port(ILogger logger, IPEndPoint endPoint);

        [LoggerMessage(
            344,
            LogLevel.Error,
            "An unexpected fault ended the telling of numbers; the gate itself goes on."
        )]
        public static partial void Unexpected(ILogger logger, Exception exception);

        [LoggerMessage(343, LogLevel.Warning, "No numbers are told on {EndPoint}: {Reason}. The gate does without.")]
        public static partial void NoPort(ILogger logger, IPEndPoint endPoint, string reason);
    }
}
