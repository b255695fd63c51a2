using System.Net.Sockets;
using System.Text;
using FastGate.AccessLog;
using FastGate.Transport;
using FastGate.Upstream;
using Microsoft.Extensions.Logging;

namespace FastGate.Gate;

/// <summary>One loop's part of the gate: its sessions, and what they share. Belongs to the loop's thread.</summary>
internal sealed partial class Worker
{
    // A client with the wrong scheme, or a broken upstream, tries again and again; once a minute is said often enough.
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    // Enough for a burst; more goes to the garbage collector.
    private const int ExchangesKept = 256;

    private readonly Stack<Exchange> exchanges = new();
    private readonly HashSet<Session> sessions = [];
    private readonly ILogger log;
    private TaskCompletionSource? empty;
    private long tlsQuietUntil;
    private long faultQuietUntil;

    /// <param name="loop">The loop that owns it.</param>
    /// <param name="pool">The loop's connections to Ollama.</param>
    /// <param name="accessLog">Null when the access log is off.</param>
    /// <param name="limits">The limits of this gate.</param>
    /// <param name="log">The operational log.</param>
    public Worker(Loop loop, UpstreamPool pool, AccessLogWriter? accessLog, GateLimits limits, ILogger log)
    {
        Loop = loop;
        Pool = pool;
        AccessLog = accessLog;
        Limits = limits;
        this.log = log;
    }

    public Loop Loop { get; }

    public UpstreamPool Pool { get; }

    public AccessLogWriter? AccessLog { get; }

    public GateLimits Limits { get; }

    public int SessionCount => sessions.Count;

    /// <summary>Exchanges that were borrowed and not given back: 0 when no request is under way.</summary>
    public int ExchangesLent { get; private set; }

    /// <summary>True from the moment the gate was told to stop.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Serves an accepted connection to its end. Throws nothing.</summary>
    public async Task ServeAsync(Socket socket, PolicySlot policies, byte[] peer)
    {
        if (IsDraining)
        {
            // Accepted just before the doorway was closed: nobody would tell it to end.
            socket.Dispose();
            return;
        }
        if (TryOpen(socket) is not { } client) return;
        Session session = new(this, client, policies, peer);
        // Before it runs: a session that is quick removes itself again.
        sessions.Add(session);
        await WatchAsync(session.RunAsync(), session);
        End(session);
    }

    /// <summary>Sees to it that a fault in one session's code ends that session and is told, and nothing else.</summary>
    public async Task WatchAsync(Task part, Session session)
    {
        try
        {
            await part;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.Unexpected(log, fault);
            session.Abort(CloseReason.GateError);
        }
    }

    public Exchange Borrow()
    {
        ExchangesLent++;
        return exchanges.TryPop(out Exchange? exchange) ? exchange : new Exchange();
    }

    public void Return(Exchange exchange)
    {
        ExchangesLent--;
        exchange.Clear();
        if (exchanges.Count < ExchangesKept) exchanges.Push(exchange);
    }

    /// <summary>Says that a client began with TLS, which looks to its user like a gate that is down.</summary>
    public void TellTls(byte[] peer)
    {
        if (IsTime(ref tlsQuietUntil)) Log.SpokeTls(log, Encoding.ASCII.GetString(peer));
    }

    /// <summary>Says what was wrong with an answer that was cut off for it; the access log only says that it was.</summary>
    public void TellFault(Exchange exchange)
    {
        if (!IsTime(ref faultQuietUntil)) return;
        Log.BadAnswer(
            log, Encoding.ASCII.GetString(exchange.Method), Encoding.ASCII.GetString(exchange.Path), exchange.Answer.Fault.Sentence);
    }

    /// <summary>Ends idle sessions at once and the others with the answer that is in flight.</summary>
    /// <returns>Completes when none is left.</returns>
    public Task DrainAsync()
    {
        IsDraining = true;
        Pool.Close();
        empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (Session session in sessions.ToArray()) session.Nudge();
        if (sessions.Count == 0) empty.TrySetResult();
        return empty.Task;
    }

    /// <summary>Ends all sessions that are left.</summary>
    public void Abort()
    {
        foreach (Session session in sessions.ToArray()) session.Abort(CloseReason.GateShutdown);
    }

    private SocketPipe? TryOpen(Socket socket)
    {
        try
        {
            return new SocketPipe(Loop, socket);
        }
        catch (IOException shortage)
        {
            // The system has no room for another watch: this client is told by the close, the others go on.
            Log.NoRoom(log, shortage.Message);
            socket.Dispose();
            return null;
        }
    }

    private void End(Session session)
    {
        try
        {
            session.Release();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.Unexpected(log, fault);
        }
        finally
        {
            sessions.Remove(session);
            if (sessions.Count == 0) empty?.TrySetResult();
        }
    }

    private bool IsTime(ref long quietUntil)
    {
        if (Loop.Now < quietUntil) return false;
        quietUntil = Loop.Now + (long)(Quiet.TotalSeconds * Loop.Time.TimestampFrequency);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Error, "An unexpected fault ended one connection; the others go on.")]
        public static partial void Unexpected(ILogger logger, Exception exception);

        [LoggerMessage(302, LogLevel.Warning,
            "A client spoke TLS to a plain-HTTP port: {Peer}. Its base URL must begin with http://, not https://.")]
        public static partial void SpokeTls(ILogger logger, string peer);

        [LoggerMessage(303, LogLevel.Warning, "Ollama's answer to {Method} {Path} was cut off: {Fault}.")]
        public static partial void BadAnswer(ILogger logger, string method, string path, string fault);

        [LoggerMessage(301, LogLevel.Error, "A connection was closed because the system has no room for it: {Reason}.")]
        public static partial void NoRoom(ILogger logger, string reason);
    }
}
