using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A listening socket on a loop. A connection that nobody asks for waits in the backlog; whatever goes wrong, accepting
/// pauses and goes on, and what is already open is untouched. Belongs to the loop's thread.
/// </summary>
internal sealed partial class Acceptor : IReadyHandler, IValueTaskSource<Descriptor?>
{
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // A bout of trouble is over when accepting has gone on for so long; one log line tells of all its pauses.
    internal static readonly TimeSpan BoutGap = TimeSpan.FromMinutes(1);

    // The loop's other connections wait meanwhile; what is left of a longer burst is accepted in its next turn.
    internal const int AcceptsInATurn = 32;

    private readonly Loop _loop;
    private readonly Descriptor _listener;
    private readonly bool _ownsListener;
    private readonly Deadline _resume;
    private readonly ILogger _log;
    private ManualResetValueTaskSourceCore<Descriptor?> _waiter;
    private Registration _watch;
    private bool _waiting;
    private bool _paused;
    private bool _closed;
    private long? _pausedAt;

    /// <param name="loop">The loop that owns it from now on.</param>
    /// <param name="listener">A bound, listening, non-blocking socket.</param>
    /// <param name="log">Where a pause is logged.</param>
    /// <param name="ownsListener">Whether the acceptor closes <paramref name="listener"/>.</param>
    /// <exception cref="IOException">The system has no room for another watch; the listener stays the
    /// caller's.</exception>
    public Acceptor(Loop loop, Descriptor listener, ILogger log, bool ownsListener = true)
    {
        _ownsListener = ownsListener;
        _loop = loop;
        _listener = listener;
        _log = log;
        _watch = loop.Watch(listener, this, Interest.None);
        _resume = loop.CreateDeadline(Resume);
    }

    /// <summary>The next connection, tuned; null when the acceptor is closed.</summary>
    public ValueTask<Descriptor?> AcceptAsync()
    {
        if (_closed)
            return new ValueTask<Descriptor?>((Descriptor?)null);
        _waiting = true;
        if (!_paused)
            Listen();
        return new ValueTask<Descriptor?>(this, _waiter.Version);
    }

    public void Close()
    {
        if (_closed)
            return;
        _closed = true;
        _watch.Close();
        _resume.Remove();
        if (_ownsListener)
            _listener.Dispose();
        if (_waiting)
            Answer(null);
    }

    void IReadyHandler.OnReadable()
    {
        if (!_waiting)
        {
            _watch.Drop(Interest.Read);
            return;
        }
        // One accept a turn lets a burst outgrow the backlog, and its clients then wait a second for their next SYN.
        for (int left = AcceptsInATurn; left > 0 && _waiting && !_paused; left--)
        {
            if (TryAccept(out bool isEmpty) is { } socket)
                Answer(socket);
            else if (isEmpty)
                return;
        }
    }

    void IReadyHandler.OnWritable()
    {
        // Never asked for.
    }

    void IReadyHandler.OnHungUp() => PauseFor("the listening socket has hung up");

    void IReadyHandler.OnFault() => PauseFor("an unexpected fault");

    Descriptor? IValueTaskSource<Descriptor?>.GetResult(short token)
    {
        Descriptor? socket = _waiter.GetResult(token);
        _waiter.Reset();
        return socket;
    }

    ValueTaskSourceStatus IValueTaskSource<Descriptor?>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<Descriptor?>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _waiter.OnCompleted(continuation, state, token, flags);

    private void Answer(Descriptor? socket)
    {
        _waiting = false;
        _waiter.SetResult(socket);
    }

    private void Listen()
    {
        try
        {
            _watch.Want(Interest.Read);
        }
        catch (IOException failure)
        {
            // The system does not take the watch now; it may later.
            PauseFor(failure.Message);
        }
    }

    private Descriptor? TryAccept(out bool isEmpty)
    {
        isEmpty = false;
        if (!_loop.Reserve.TryKeep())
        {
            PauseFor(SocketError.TooManyOpenSockets);
            return null;
        }
        Descriptor? socket = _loop.Calls.Accept(_listener, out SocketError error);
        switch (error)
        {
            case SocketError.Success:
                return socket;
            case SocketError.WouldBlock:
                isEmpty = true;
                return null;
            case SocketError.ConnectionAborted:
                // The client gave up while it waited; the next may be there already.
                return null;
            default:
                // Whatever else it is (descriptors, memory) is there at the next look as well, so looking at once would
                // only burn the processor.
                PauseFor(error);
                return null;
        }
    }

    private void PauseFor(SocketError error)
    {
        if (error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
        {
            _loop.Reserve.LetGo();
            if (IsNewBout())
                Log.Short(_log, SocketErrorText.Of(error));
            PauseNow();
            return;
        }
        PauseFor(SocketErrorText.Of(error));
    }

    private void PauseFor(string reason)
    {
        if (IsNewBout())
            Log.Paused(_log, reason);
        PauseNow();
    }

    private bool IsNewBout() => _pausedAt is not { } last || _loop.Time.GetElapsedTime(last, _loop.Now) > BoutGap;

    private void PauseNow()
    {
        _pausedAt = _loop.Now;
        _paused = true;
        // Not only its interest dropped: a socket that has hung up is told of as long as it is watched.
        _watch.Close();
        _resume.Set(Pause);
    }

    private void Resume()
    {
        _paused = !_loop.Reserve.TryKeep() || !TryWatch();
        if (_paused)
            _resume.Set(Pause);
        else if (_waiting)
            Listen();
    }

    private bool TryWatch()
    {
        try
        {
            _watch = _loop.Watch(_listener, this, Interest.None);
            return true;
        }
        catch (IOException)
        {
            // Still no room for it.
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            110,
            LogLevel.Warning,
            "Accepting pauses: {Reason}. Open connections go on; accepting is tried again four times a second."
        )]
        public static partial void Short(ILogger logger, string reason);

        [LoggerMessage(
            111,
            LogLevel.Warning,
            "Accepting pauses: {Reason}. Open connections go on; it is tried again four times a second."
        )]
        public static partial void Paused(ILogger logger, string reason);
    }
}
