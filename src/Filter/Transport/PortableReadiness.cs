using System.Net;
using System.Net.Sockets;

namespace FastGate.Transport;

/// <summary>
/// Readiness by <see cref="Socket.Select(System.Collections.IList?, System.Collections.IList?, System.Collections.IList?, TimeSpan)"/>,
/// for machines where neither epoll nor kqueue proves itself. Each wait costs time in proportion to the watched sockets.
/// </summary>
internal sealed class PortableReadiness : IReadiness
{
    private readonly Dictionary<Socket, (long Key, Interest Interest)> watched = [];
    private readonly List<Socket> readable = [];
    private readonly List<Socket> writable = [];
    private readonly Dictionary<Socket, Interest> found = [];
    private readonly Socket wake;

    public PortableReadiness()
    {
        // A datagram socket that is connected to itself: what it sends it receives, and nobody else can send to it.
        wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        wake.Connect(wake.LocalEndPoint!);
    }

    public string Name => "portable";

    public void Add(Socket socket, long key, Interest interest) => watched.Add(socket, (key, interest));

    public void Change(Socket socket, long key, Interest before, Interest after) => watched[socket] = (key, after);

    public void Remove(Socket socket, Interest interest) => watched.Remove(socket);

    public int Wait(Span<Readiness> ready, int timeoutMilliseconds)
    {
        readable.Clear();
        writable.Clear();
        readable.Add(wake);
        foreach ((Socket socket, (_, Interest interest)) in watched)
        {
            if ((interest & Interest.Read) != 0) readable.Add(socket);
            if ((interest & Interest.Write) != 0) writable.Add(socket);
        }
        TimeSpan limit = timeoutMilliseconds < 0
            ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(timeoutMilliseconds);
        Socket.Select(readable, writable.Count > 0 ? writable : null, null, limit);
        return Gather(ready);
    }

    public void Wake() => wake.Send([1], SocketFlags.None, out _);

    public void Dispose() => wake.Dispose();

    private int Gather(Span<Readiness> ready)
    {
        found.Clear();
        foreach (Socket socket in readable) found[socket] = Interest.Read;
        foreach (Socket socket in writable) found[socket] = found.GetValueOrDefault(socket) | Interest.Write;
        if (found.Remove(wake)) Acknowledge();
        int filled = 0;
        foreach ((Socket socket, Interest interest) in found)
        {
            if (filled == ready.Length) break;
            ready[filled++] = new Readiness(watched[socket].Key, interest, HungUp: false);
        }
        return filled;
    }

    private void Acknowledge()
    {
        Span<byte> bytes = stackalloc byte[16];
        SocketError error;
        do
        {
            // One datagram a wake-up; all that are pending ask for the same thing.
            wake.Receive(bytes, SocketFlags.None, out error);
        }
        while (error == SocketError.Success);
    }
}
