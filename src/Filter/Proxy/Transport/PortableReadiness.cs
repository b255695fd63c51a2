using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The readiness backend for any system, by <c>Socket.Select</c>.
/// It is used where neither epoll nor kqueue passes its self-check. The cost of a wait is proportional to the number of
/// watched sockets.
/// </summary>
/// <remarks>
/// On Linux .NET calls poll(2), on macOS select(2), which wrote past its memory for descriptors from FD_SETSIZE on
/// (dotnet/runtime pull request 126235; which 10.0 release has the fix is not known). On macOS such descriptors are
/// refused.
/// </remarks>
internal sealed class PortableReadiness : IReadiness
{
    private const int SelectDescriptorsMax = 1024; // FD_SETSIZE

    private readonly Dictionary<Socket, (long Key, Interest Interest)> _watched = [];
    private readonly List<Socket> _readable = [];
    private readonly List<Socket> _writable = [];
    private readonly Queue<(Socket Socket, Interest Ready)> _found = [];
    private readonly Socket _wake;

    /// <param name="descriptorsMax">Replaces the system's limit, for tests.</param>
    public PortableReadiness(int? descriptorsMax = null)
    {
        DescriptorsMax = descriptorsMax ?? (OperatingSystem.IsMacOS() ? SelectDescriptorsMax : int.MaxValue);
        Calls = new SocketCalls(DescriptorsMax);
        // A datagram socket connected to itself: it receives what it sends, and no other socket can send to it.
        _wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
    }

    public string Name => "portable";

    public ISocketCalls Calls { get; }

    /// <summary>Only descriptors below this number can be watched.</summary>
    public int DescriptorsMax { get; }

    public void Add(Descriptor socket, long key, Interest interest)
    {
        if (socket.Number >= DescriptorsMax)
            throw new IOException($"select: descriptor {socket.Number} is not below the limit of {DescriptorsMax}");
        _watched.Add(socket.Socket!, (key, interest));
    }

    public void Change(Descriptor socket, long key, Interest before, Interest after) =>
        _watched[socket.Socket!] = (key, after);

    public void Remove(Descriptor socket, Interest interest) => _watched.Remove(socket.Socket!);

    public int Wait(Span<Readiness> ready, int timeoutMilliseconds)
    {
        // Leftovers of the last select come before a new one, or the last of many sockets would never get their turn.
        if (_found.Count == 0)
            Find(timeoutMilliseconds);
        int filled = 0;
        while (filled < ready.Length && _found.TryDequeue(out (Socket Socket, Interest Ready) found))
        {
            if (!_watched.TryGetValue(found.Socket, out (long Key, Interest Interest) watched))
                continue;
            Interest wanted = found.Ready & watched.Interest;
            if (wanted != Interest.None)
                ready[filled++] = new Readiness(watched.Key, wanted, HungUp: false);
        }
        return filled;
    }

    public void Wake()
    {
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

    public void Dispose() => _wake.Dispose();

    private void Find(int timeoutMilliseconds)
    {
        _readable.Clear();
        _writable.Clear();
        _readable.Add(_wake);
        foreach ((Socket socket, (_, Interest interest)) in _watched)
        {
            if ((interest & Interest.Read) != 0)
                _readable.Add(socket);
            if ((interest & Interest.Write) != 0)
                _writable.Add(socket);
        }
        Select(timeoutMilliseconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(timeoutMilliseconds));
        foreach (Socket socket in _readable)
        {
            if (socket == _wake)
                Acknowledge();
            else
                _found.Enqueue((socket, Interest.Read));
        }
        foreach (Socket socket in _writable)
            _found.Enqueue((socket, Interest.Write));
    }

    // Leaves only the ready sockets in the two lists.
    private void Select(TimeSpan limit)
    {
        try
        {
            Socket.Select(_readable, _writable.Count > 0 ? _writable : null, null, limit);
        }
        catch (SocketException exception)
        {
            throw new IOException($"select: {exception.Message}", exception);
        }
    }

    private void Acknowledge()
    {
        Span<byte> bytes = stackalloc byte[16];
        SocketError error;
        do
        {
            // One datagram per wake-up; one turn of the loop serves all that are pending.
            _wake.Receive(bytes, SocketFlags.None, out error);
        } while (error == SocketError.Success);
    }
}
