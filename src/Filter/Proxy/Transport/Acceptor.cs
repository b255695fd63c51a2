using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A listening socket on a loop. A connection waits in the backlog until it is asked for. After any error, accepting
/// pauses and resumes; open connections are unaffected. Belongs to the loop's thread.
/// </summary>
internal sealed partial class Acceptor : IReadyHandler
{
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // Pauses less than this apart belong together and are logged once.
    internal static readonly TimeSpan PauseGap = TimeSpan.FromMinutes(1);

    // The loop's other connections wait meanwhile; the rest of a longer burst is accepted in the next turn.
    internal const int AcceptsInATurn = 32;

    private readonly Loop _loop;
    private readonly Descriptor _listener;
    private readonly bool _ownsListener;
    private readonly Deadline _resume;
    private readonly ILogger _log;
    private readonly PendingResult<Descriptor?> _accept = new();
    private Registration _registration;
    private bool _paused;
    private bool _closed;
    private long? _pausedAt;

    /// <param name="loop">The loop that owns the acceptor.</param>
    /// <param name="listener">A bound, listening, non-blocking socket.</param>
    /// <param name="log">Receives the pauses.</param>
    /// <param name="ownsListener">Whether the acceptor closes <paramref name="listener"/>.</param>
    /// <exception cref="IOException">The system cannot watch another socket; the caller keeps the listener.</exception>
    public Acceptor(Loop loop, Descriptor listener, ILogger log, bool ownsListener = true)
    {
        _ownsListener = ownsListener;
        _loop = loop;
        _listener = listener;
        _log = log;
        _registration = loop.Watch(listener, this, Interest.None);
        _resume = loop.CreateDeadline(Resume);
    }

    /// <summary>The next connection, tuned; null once the acceptor is closed.</summary>
    public ValueTask<Descriptor?> AcceptAsync()
    {
        if (_closed)
            return new ValueTask<Descriptor?>((Descriptor?)null);
        ValueTask<Descriptor?> accept = _accept.Start();
        if (!_paused)
            Listen();
        return accept;
    }

    public void Close()
    {
        if (_closed)
            return;
        _closed = true;
        _registration.Close();
        _resume.Remove();
        if (_ownsListener)
            _listener.Dispose();
        if (_accept.IsPending)
            _accept.Complete(null);
    }

    void IReadyHandler.OnReadable()
    {
        if (!_accept.IsPending)
        {
            _registration.Drop(Interest.Read);
            return;
        }
        // With one accept per turn a burst would outgrow the backlog, and its clients would wait a second for their
        // next SYN.
        for (int left = AcceptsInATurn; left > 0 && _accept.IsPending && !_paused; left--)
        {
            if (TryAccept(out bool isEmpty) is { } socket)
                _accept.Complete(socket);
            else if (isEmpty)
                return;
        }
    }

    void IReadyHandler.OnWritable()
    {
        // Never requested.
    }

    void IReadyHandler.OnHungUp() => PauseFor("the listening socket hung up");

    void IReadyHandler.OnFault() => PauseFor("an unexpected error");

    private void Listen()
    {
        try
        {
            _registration.Want(Interest.Read);
        }
        catch (IOException exception)
        {
            // The system cannot watch the socket now, but may later.
            PauseFor(exception.Message);
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
                // The client gave up while it waited; another may be waiting already.
                return null;
            default:
                // Any other error (descriptors, memory) would repeat at once and only burn processor time.
                PauseFor(error);
                return null;
        }
    }

    private void PauseFor(SocketError error)
    {
        if (error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
        {
            _loop.Reserve.Release();
            if (IsNewPause())
                Log.Short(_log, SocketErrorText.Of(error));
            PauseNow();
            return;
        }
        PauseFor(SocketErrorText.Of(error));
    }

    private void PauseFor(string reason)
    {
        if (IsNewPause())
            Log.Paused(_log, reason);
        PauseNow();
    }

    private bool IsNewPause() => _pausedAt is not { } last || _loop.Time.GetElapsedTime(last, _loop.Now) > PauseGap;

    private void PauseNow()
    {
        _pausedAt = _loop.Now;
        _paused = true;
        // Dropping interest is not enough: a hang-up is reported as long as the socket is watched.
        _registration.Close();
        _resume.Set(Pause);
    }

    private void Resume()
    {
        _paused = !_loop.Reserve.TryKeep() || !TryWatch();
        if (_paused)
            _resume.Set(Pause);
        else if (_accept.IsPending)
            Listen();
    }

    private bool TryWatch()
    {
        try
        {
            _registration = _loop.Watch(_listener, this, Interest.None);
            return true;
        }
        catch (IOException)
        {
            // The system still cannot watch it.
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            110,
            LogLevel.Warning,
            "Accepting is paused: {Reason}. Open connections are unaffected; accepting is retried four times a second."
        )]
        public static partial void Short(ILogger logger, string reason);

        [LoggerMessage(
            111,
            LogLevel.Warning,
            "Accepting is paused: {Reason}. Open connections are unaffected; accepting is retried four times a second."
        )]
        public static partial void Paused(ILogger logger, string reason);
    }
}
