using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The readiness backend for any system, on .NET's asynchronous sockets. It is used where neither epoll nor kqueue
/// passes its self-check.
/// </summary>
/// <remarks>
/// <para>Connections are watched by .NET (<see cref="AsyncSocket"/>), at a cost that does not depend on their number.
/// What .NET completes is queued here; a datagram wakes the loop if it sleeps.</para>
/// <para>Listening sockets are few, and are waited for by <c>Socket.Select</c> together with that datagram: an
/// asynchronous accept would take a connection before the gate wants one, and can end the process on macOS
/// (dotnet/runtime issue 121848).</para>
/// </remarks>
internal sealed class PortableReadiness : IReadiness
{
    private const int SelectDescriptorsMax = 1024; // FD_SETSIZE

    private readonly int _descriptorsMax;
    private readonly Dictionary<Socket, (long Key, Interest Interest)> _listeners = [];
    private readonly List<Socket> _readable = [];
    private readonly Queue<(Socket Listener, long Key)> _pending = [];
    private readonly Queue<AsyncSocket> _due = [];
    private readonly ConcurrentQueue<AsyncSocket> _completed = [];
    private readonly Socket _wake;
    private long _listenedAt;
    private int _isAsleep;
    private int _isWoken;

    /// <param name="descriptorsMax">Replaces the limit for listening sockets, for tests. On macOS .NET's
    /// <c>Select</c> is select(2), which wrote past its memory for descriptors from FD_SETSIZE on (dotnet/runtime pull
    /// request 126235; which 10.0 release has the fix is not known). On Linux it is poll(2).</param>
    /// <exception cref="IOException">The system has no descriptor left.</exception>
    public PortableReadiness(int? descriptorsMax = null)
    {
        _descriptorsMax = descriptorsMax ?? (OperatingSystem.IsMacOS() ? SelectDescriptorsMax : int.MaxValue);
        _wake = CreateWake();
    }

    public string Name => "portable";

    public ISocketCalls Calls { get; } = new AsyncSocketCalls();

    public void Add(Descriptor socket, long key, Interest interest)
    {
        if (socket.Async is null && IsListening(socket.Socket!))
        {
            if (socket.Number >= _descriptorsMax)
                throw new IOException($"select: descriptor {socket.Number} is not below {_descriptorsMax}");
            _listeners.Add(socket.Socket!, (key, interest));
            return;
        }
        socket.Async ??= new AsyncSocket(socket.Socket!);
        socket.Async.Watch(this, key, interest);
        Queue(socket.Async);
    }

    public void Change(Descriptor socket, long key, Interest before, Interest after)
    {
        if (socket.Async is not { } connection)
        {
            _listeners[socket.Socket!] = (key, after);
            return;
        }
        connection.Interest = after;
        Queue(connection);
    }

    public void Remove(Descriptor socket, Interest interest)
    {
        if (socket.Async is { } connection)
            connection.Interest = Interest.None;
        else
            _listeners.Remove(socket.Socket!);
    }

    public void RemoveClosing(Descriptor socket, Interest interest) => Remove(socket, interest);

    public int Wait(Span<Readiness> ready, int timeoutMilliseconds)
    {
        int filled = Fill(ready);
        if (filled == 0)
        {
            Sleep(timeoutMilliseconds);
            filled = Fill(ready);
        }
        else if (_listeners.Count > 0 && Environment.TickCount64 != _listenedAt)
        {
            // A loop that never sleeps still accepts, a thousand times a second.
            Select(0);
        }
        // A full fence: what the waker posted before is seen by whoever calls this.
        if (Volatile.Read(ref _isWoken) != 0)
            Interlocked.Exchange(ref _isWoken, 0);
        return filled;
    }

    public void Wake()
    {
        Volatile.Write(ref _isWoken, 1);
        WakeIfAsleep();
    }

    public void Dispose() => _wake.Dispose();

    /// <summary>Checks a socket again, because one of its operations has ended. Any thread.</summary>
    internal void Notify(AsyncSocket socket)
    {
        _completed.Enqueue(socket);
        WakeIfAsleep();
    }

    // A datagram socket connected to itself: it receives what it sends, and no other socket can send to it.
    private static Socket CreateWake()
    {
        try
        {
            Socket wake = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            wake.Connect(wake.LocalEndPoint!);
            return wake;
        }
        catch (SocketException exception)
        {
            throw new IOException($"a datagram socket cannot be opened: {exception.Message}", exception);
        }
    }

    private static bool IsListening(Socket socket) =>
        !socket.Connected
        && (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)! != 0;

    private void Queue(AsyncSocket socket)
    {
        if (socket.IsQueued)
            return;
        socket.IsQueued = true;
        _due.Enqueue(socket);
    }

    private int Fill(Span<Readiness> ready)
    {
        int filled = 0;
        while (filled < ready.Length && _pending.TryDequeue(out (Socket Listener, long Key) pending))
        {
            // It may have been removed, or added again, since.
            if (
                _listeners.TryGetValue(pending.Listener, out (long Key, Interest Interest) watched)
                && watched.Key == pending.Key
                && (watched.Interest & Interest.Read) != 0
            )
                ready[filled++] = new Readiness(watched.Key, Interest.Read, HungUp: false);
        }
        while (_completed.TryDequeue(out AsyncSocket? completed))
            Queue(completed);
        for (int left = _due.Count; left > 0 && filled < ready.Length; left--)
        {
            AsyncSocket socket = _due.Dequeue();
            socket.IsQueued = false;
            Interest found = socket.Find();
            if (found == Interest.None)
                continue;
            ready[filled++] = new Readiness(socket.Key, found, HungUp: false);
            // Level-triggered: it is checked again, after those already queued.
            Queue(socket);
        }
        return filled;
    }

    private void Sleep(int timeoutMilliseconds)
    {
        // Either this thread sees what was queued, or whoever queued it sees this thread asleep.
        Interlocked.Exchange(ref _isAsleep, 1);
        bool hasWork = Volatile.Read(ref _isWoken) != 0 || !_completed.IsEmpty;
        Select(hasWork ? 0 : timeoutMilliseconds);
        Volatile.Write(ref _isAsleep, 0);
    }

    private void WakeIfAsleep()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep) == 0 || Interlocked.Exchange(ref _isAsleep, 0) == 0)
            return;
        try
        {
            // A full buffer (WouldBlock) means that a wake-up is already pending.
            _wake.Send([1], SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended.
        }
    }

    private void Select(int timeoutMilliseconds)
    {
        _readable.Clear();
        _readable.Add(_wake);
        foreach ((Socket listener, (_, Interest interest)) in _listeners)
        {
            if ((interest & Interest.Read) != 0)
                _readable.Add(listener);
        }
        try
        {
            Socket.Select(
                _readable,
                null,
                null,
                timeoutMilliseconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(timeoutMilliseconds)
            );
        }
        catch (SocketException exception)
        {
            throw new IOException($"select: {exception.Message}", exception);
        }
        _listenedAt = Environment.TickCount64;
        foreach (Socket socket in _readable)
        {
            if (socket == _wake)
                Acknowledge();
            else
                _pending.Enqueue((socket, _listeners[socket].Key));
        }
    }

    private void Acknowledge()
    {
        // One datagram for each sleep that was ended; another one only ends the next sleep early.
        Span<byte> bytes = stackalloc byte[16];
        _wake.Receive(bytes, SocketFlags.None, out _);
    }
}
