using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// Readiness by
/// <see cref="Socket.Select(System.Collections.IList?, System.Collections.IList?, System.Collections.IList?, TimeSpan)"/>,
/// for machines where neither epoll nor kqueue proves itself. Each wait costs time in proportion to the watched
/// sockets.
/// </summary>
/// <remarks>
/// On Linux .NET asks poll(2), on macOS select(2), whose native side wrote past its memory for descriptors from
/// FD_SETSIZE on (dotnet/runtime pull request 126235; which 10.0 release has the correction is not known). There they
/// are refused.
/// </remarks>
internal sealed class PortableReadiness : IReadiness
{
    private const int SelectDescriptorsMax = 1024; // FD_SETSIZE

    private readonly Dictionary<Socket, (long Key, Interest Interest)> _watched = [];
    private readonly List<Socket> _readable = [];
    private readonly List<Socket> _writable = [];
    private readonly Queue<(Socket Socket, Interest Ready)> _found = [];
    private readonly Socket _wake;

    /// <param name="descriptorsMax">Another limit than the system's, for a test.</param>
    public PortableReadiness(int? descriptorsMax = null)
    {
        DescriptorsMax = descriptorsMax ?? (OperatingSystem.IsMacOS() ? SelectDescriptorsMax : int.MaxValue);
        Calls = new SocketCalls(DescriptorsMax);
        // A datagram socket that is connected to itself: what it sends it receives, and nobody else can send to it.
        _wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
    }

    public string Name => "portable";

    public ISocketCalls Calls { get; }

    /// <summary>Descriptors below this number can be watched.</summary>
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
        // What one answer had no room for comes before a new look, or the last of many would never have their turn.
        if (_found.Count == 0)
            Find(timeoutMilliseconds);
        int filled = 0;
        while (filled < ready.Length && _found.TryDequeue(out (Socket Socket, Interest Ready) one))
        {
            if (!_watched.TryGetValue(one.Socket, out (long Key, Interest Interest) watch))
                continue;
            Interest wanted = one.Ready & watch.Interest;
            if (wanted != Interest.None)
                ready[filled++] = new Readiness(watch.Key, wanted, HungUp: false);
        }
        return filled;
    }

    public void Wake()
    {
        try
        {
            // Full (WouldBlock) is a wake-up that is already pending.
            _wake.Send([1], SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
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

    // Leaves in the two lists what is ready.
    private void Select(TimeSpan limit)
    {
        try
        {
            Socket.Select(_readable, _writable.Count > 0 ? _writable : null, null, limit);
        }
        catch (SocketException failure)
        {
            throw new IOException($"select: {failure.Message}", failure);
        }
    }

    private void Acknowledge()
    {
        Span<byte> bytes = stackalloc byte[16];
        SocketError error;
        do
        {
            // One datagram a wake-up; all that are pending ask for the same thing.
            _wake.Receive(bytes, SocketFlags.None, out error);
        } while (error == SocketError.Success);
    }
}
