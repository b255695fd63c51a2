using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

/// <summary>How the sessions of one loop end when the gate stops, or when a successor accepts in its place.</summary>
internal sealed partial class Worker
{
    /// <summary>How long an idle connection is kept for its next request after the successor has taken over. Clients
    /// that work send one within that time, and learn from its response to connect again.</summary>
    internal static readonly TimeSpan IdleGrace = TimeSpan.FromSeconds(2);

    private readonly Deadline _idleGrace;
    private TaskCompletionSource? _empty;
    private bool _isClosed;

    /// <summary>Ends idle sessions now, and the others after the response in flight.</summary>
    /// <returns>Completes when no session is left.</returns>
    public Task DrainAsync()
    {
        _isClosed = true;
        Pool.Close();
        Task drained = BeginDrain();
        EndIdleSessions();
        return drained;
    }

    /// <summary>
    /// Ends each session after its next response, which says so, and idle ones after <see cref="IdleGrace"/>: a request
    /// that is on its way to an idle connection is served. <see cref="Resume"/> ends this.
    /// </summary>
    /// <returns>Completes when no session is left, unless it is resumed before.</returns>
    public Task YieldAsync()
    {
        _idleGrace.Set(IdleGrace);
        return BeginDrain();
    }

    /// <summary>Serves connections to their end again.</summary>
    public void Resume()
    {
        IsDraining = _isClosed;
        _idleGrace.Clear();
    }

    /// <summary>Ends all remaining sessions now.</summary>
    public void Abort()
    {
        foreach (Session session in _sessions.ToArray())
            session.Abort(CloseReason.GateShutdown);
    }

    private Task BeginDrain()
    {
        IsDraining = true;
        _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_sessions.Count == 0)
            _empty.TrySetResult();
        return _empty.Task;
    }

    private void EndIdleSessions()
    {
        foreach (Session session in _sessions.ToArray())
            session.Wake(WakeReason.Shutdown);
    }
}
