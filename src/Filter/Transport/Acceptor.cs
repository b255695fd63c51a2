using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using Microsoft.Extensions.Logging;

namespace FastGate.Transport;

/// <summary>
/// A listening socket on a loop. A connection that nobody asks for waits in the backlog; when descriptors run out,
/// accepting pauses and goes on, and what is already open is untouched. Belongs to the loop's thread.
/// </summary>
internal sealed partial class Acceptor : IReadyHandler, IValueTaskSource<Socket?>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Socket listener;
    private readonly Watch watch;
    private readonly Deadline resume;
    private readonly ILogger log;
    private ManualResetValueTaskSourceCore<Socket?> waiter;
    private bool waiting;
    private bool paused;
    private bool told;
    private bool closed;

    /// <param name="loop">The loop that owns it from now on.</param>
    /// <param name="listener">A bound, listening, non-blocking socket; the acceptor closes it.</param>
    /// <param name="log">Where a pause is told.</param>
    public Acceptor(Loop loop, Socket listener, ILogger log)
    {
        this.listener = listener;
        this.log = log;
        resume = loop.CreateDeadline(Resume);
        watch = loop.Watch(listener, this, Interest.None);
    }

    /// <summary>The next connection, tuned; null when the acceptor is closed.</summary>
    public ValueTask<Socket?> AcceptAsync()
    {
        if (closed) return new ValueTask<Socket?>((Socket?)null);
        waiting = true;
        if (!paused) watch.Want(Interest.Read);
        return new ValueTask<Socket?>(this, waiter.Version);
    }

    public void Close()
    {
        if (closed) return;
        closed = true;
        watch.Close();
        resume.Remove();
        listener.Dispose();
        if (waiting) Answer(null);
    }

    void IReadyHandler.OnReadable()
    {
        if (!waiting) watch.Drop(Interest.Read);
        else if (TryAccept() is { } socket) Answer(socket);
    }

    void IReadyHandler.OnWritable()
    {
        // Never asked for.
    }

    void IReadyHandler.OnHungUp() => Close();

    void IReadyHandler.OnFault() => Close();

    Socket? IValueTaskSource<Socket?>.GetResult(short token)
    {
        Socket? socket = waiter.GetResult(token);
        waiter.Reset();
        return socket;
    }

    ValueTaskSourceStatus IValueTaskSource<Socket?>.GetStatus(short token) => waiter.GetStatus(token);

    void IValueTaskSource<Socket?>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        waiter.OnCompleted(continuation, state, token, flags);

    private void Answer(Socket? socket)
    {
        waiting = false;
        waiter.SetResult(socket);
    }

    private Socket? TryAccept()
    {
        Socket? socket = null;
        try
        {
            socket = listener.Accept();
            SocketTuning.TuneAccepted(socket);
            told = false;
            return socket;
        }
        catch (SocketException failure)
        {
            // The client gave up first (also while its options were set), or another reason that the next may not have.
            socket?.Dispose();
            if (IsShortage(failure.SocketErrorCode)) PauseFor(failure);
            return null;
        }
    }

    private static bool IsShortage(SocketError error) =>
        error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;

    private void PauseFor(SocketException failure)
    {
        if (!told) Log.Paused(log, failure.Message);
        told = paused = true;
        watch.Drop(Interest.Read);
        resume.Set(Pause);
    }

    private void Resume()
    {
        paused = false;
        if (waiting) watch.Want(Interest.Read);
    }

    private static partial class Log
    {
        [LoggerMessage(110, LogLevel.Warning,
            "Accepting pauses: {Reason}. Open connections go on; raise the limit of open files (ulimit -n) if this recurs.")]
        public static partial void Paused(ILogger logger, string reason);
    }
}
