using System.Text;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Transport;
using FastGate.Proxy.Upstream;
using FastGate.Proxy.Wire;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>The sessions of one loop, and what they share. Belongs to the loop's thread.</summary>
internal sealed partial class Worker
{
    // Enough for a burst; the garbage collector takes the rest.
    private const int ExchangesKept = 256;

    private readonly Stack<Exchange> _exchanges = new();
    private readonly HashSet<Session> _sessions = [];
    private readonly ILogger _log;
    private readonly Deadline _sweep;
    private readonly TimeSpan _sweepTime;
    private OncePerMinute _tlsNotices;
    private OncePerMinute _proxyNotices;
    private OncePerMinute _faultNotices;

    /// <param name="loop">The loop that owns it.</param>
    /// <param name="pool">The loop's connections to Ollama.</param>
    /// <param name="accessLog">Null when the access log is off.</param>
    /// <param name="tally">The loop's counters.</param>
    /// <param name="limits">The limits of this gate.</param>
    /// <param name="log">The operational log.</param>
    public Worker(Loop loop, UpstreamPool pool, AccessLogWriter? accessLog, Tally tally, GateLimits limits, ILogger log)
    {
        Loop = loop;
        Pool = pool;
        AccessLog = accessLog;
        Tally = tally;
        Limits = limits;
        _log = log;
        _sweep = loop.CreateDeadline(Sweep);
        _sweepTime = SweepTimeOf(limits);
        _idleGrace = loop.CreateDeadline(EndIdleSessions);
    }

    public Loop Loop { get; }

    public UpstreamPool Pool { get; }

    public AccessLogWriter? AccessLog { get; }

    public Tally Tally { get; }

    public RefusedRoutes Refused { get; } = new();

    /// <summary>The connections of doctor and install; null outside a <see cref="GateServer"/>.</summary>
    public ExpectedProbes? Probes { get; init; }

    /// <summary>The last hour of all loops; null outside a <see cref="GateServer"/>.</summary>
    public History? History { get; init; }

    public GateLimits Limits { get; }

    public int SessionCount => _sessions.Count;

    /// <summary>Exchanges that are borrowed now: 0 when no request is in progress.</summary>
    public int ExchangesLent { get; private set; }

    /// <summary>True while each response is the last of its connection: the gate is stopping, or its successor
    /// accepts.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Reads the requests in progress, and what was refused.</summary>
    /// <param name="listeners">The names of the listeners.</param>
    public LoopState Observe(IReadOnlyList<string> listeners) =>
        new(_sessions, listeners, Loop.Time.GetTimestamp()) { Refused = Refused.Read() };

    /// <summary>Called with the old and the new phase at each transition of a session; null outside tests.</summary>
    public Action<SessionPhase, SessionPhase>? PhaseObserver { get; set; }

    /// <summary>Serves an accepted connection to its end, and returns its place. Throws nothing.</summary>
    public async Task ServeAsync(Descriptor socket, PolicySlot policies, AdmittedPeer peer)
    {
        Session? session = null;
        try
        {
            session = TryBegin(socket, policies, peer);
            if (session is not null)
                await session.RunAsync();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            if (session is not null)
                Fail(session, exception);
            else
                Loop.LogUnexpected(exception);
        }
        finally
        {
            if (session is not null)
                End(session);
            else
                socket.Dispose();
            peer.Leave(Loop);
        }
    }

    /// <summary>Logs an unexpected exception of one session, and ends that session only.</summary>
    public void Fail(Session session, Exception exception)
    {
        Loop.LogUnexpected(exception);
        session.Abort(CloseReason.GateError);
    }

    public Exchange Borrow()
    {
        ExchangesLent++;
        Loop.Poll?.BeginExchange();
        return _exchanges.TryPop(out Exchange? exchange) ? exchange : new Exchange();
    }

    public void Return(Exchange exchange)
    {
        ExchangesLent--;
        Loop.Poll?.EndExchange();
        exchange.Clear();
        if (_exchanges.Count < ExchangesKept)
            _exchanges.Push(exchange);
    }

    /// <summary>Counts the end of a connection that has no request in progress.</summary>
    public HeadAction EndIdle(CloseReason reason)
    {
        Tally.AddClose(IsDraining ? CloseReason.GateShutdown : reason);
        return HeadAction.End;
    }

    /// <summary>
    /// Logs a client that began with TLS, or a proxy that sent a PROXY header: to its user, the gate seems to be down.
    /// </summary>
    public void LogEarlyFault(HeadFault fault, byte[] peer)
    {
        if (fault == HeadFault.ProxyProtocol && _proxyNotices.IsDue(Loop))
            Log.SentProxyHeader(_log, Encoding.ASCII.GetString(peer));
        if (fault == HeadFault.ClientSpokeTls && _tlsNotices.IsDue(Loop))
            Log.SentTls(_log, Encoding.ASCII.GetString(peer));
    }

    /// <summary>Logs why a malformed response was cut off; the access log only has the fact.</summary>
    public void LogFault(Exchange exchange)
    {
        if (!_faultNotices.IsDue(Loop))
            return;
        Log.BadResponse(
            _log,
            Encoding.ASCII.GetString(exchange.Method),
            Encoding.ASCII.GetString(exchange.Path),
            exchange.Response.Fault.Sentence
        );
    }

    private Session? TryBegin(Descriptor socket, PolicySlot policies, AdmittedPeer peer)
    {
        // Accepted just before listening ended: DrainAsync would miss it.
        if (_isClosed || TryOpen(socket) is not { } client)
            return null;
        Session session = new(this, client, policies, peer);
        peer.Session = session;
        // Before it runs: a short session removes itself.
        _sessions.Add(session);
        if (_sessions.Count == 1 && _sweepTime > TimeSpan.Zero)
            _sweep.Set(_sweepTime);
        return session;
    }

    private SocketPipe? TryOpen(Descriptor socket)
    {
        try
        {
            return new SocketPipe(Loop, socket);
        }
        catch (IOException exception)
        {
            // The system cannot watch another socket. Only this client is affected; it sees the close.
            Log.NoRoom(_log, exception.Message);
            return null;
        }
    }

    private void End(Session session)
    {
        try
        {
            session.Release();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Loop.LogUnexpected(exception);
        }
        finally
        {
            _sessions.Remove(session);
            Loop.Memory.CountConnection();
            if (_sessions.Count == 0)
                _empty?.TrySetResult();
        }
    }

    /// <summary>How often progress is checked: often enough that no limit is exceeded by more than a quarter; zero
    /// means never.</summary>
    private static TimeSpan SweepTimeOf(GateLimits limits)
    {
        TimeSpan stall = limits.StallTime / 4;
        if (limits.ContentBytesPerMinute == 0)
            return stall;
        TimeSpan rate = Session.ContentGrace / 4;
        return stall > TimeSpan.Zero && stall < rate ? stall : rate;
    }

    // One deadline for all sessions: a limit that few clients reach costs a connection nothing.
    private void Sweep()
    {
        if (_sessions.Count > 0)
            _sweep.Set(_sweepTime);
        foreach (Session session in _sessions.ToArray())
            session.CheckProgress();
    }

    private static partial class Log
    {
        [LoggerMessage(
            302,
            LogLevel.Warning,
            "{Peer} sent TLS to a plain-HTTP port. The client's base URL must begin with http://, not https://."
        )]
        public static partial void SentTls(ILogger logger, string peer);

        [LoggerMessage(
            304,
            LogLevel.Warning,
            "{Peer} sent a PROXY protocol header, which FastGate does not support, so the request was refused. "
                + "Turn it off in the proxy: remove send-proxy from HAProxy's server line, or run "
                + "tailscale serve without --proxy-protocol."
        )]
        public static partial void SentProxyHeader(ILogger logger, string peer);

        [LoggerMessage(303, LogLevel.Warning, "Ollama's response to {Method} {Path} was cut off: {Fault}.")]
        public static partial void BadResponse(ILogger logger, string method, string path, string fault);

        [LoggerMessage(
            301,
            LogLevel.Error,
            "A connection was closed because the system cannot watch another socket: {Reason}."
        )]
        public static partial void NoRoom(ILogger logger, string reason);
    }
}
