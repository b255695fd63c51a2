using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>The socket options of the gate's connections and listeners. Any thread.</summary>
internal static class SocketTuning
{
    /// <summary>Seconds of silence before the first keepalive probe, which finds a laptop whose lid was
    /// closed.</summary>
    internal const int KeepAliveSeconds = 30;

    /// <summary>Seconds between keepalive probes.</summary>
    internal const int KeepAliveIntervalSeconds = 10;

    /// <summary>Unanswered probes after which the connection counts as lost.</summary>
    internal const int KeepAliveProbes = 3;

    /// <summary>
    /// Bytes that the system buffers for a peer that reads nothing; Linux doubles the number to count its own
    /// bookkeeping. Without a limit the buffer grows to 4 MB a connection. At a round trip of 50 ms this still carries
    /// 5 MB a second.
    /// </summary>
    internal const int SendBufferBytes = 256 * 1024;

    /// <summary>Bytes of a response that the system buffers for a client that reads nothing; without a limit they grow
    /// to 6 MB a connection.</summary>
    internal const int ReceiveBufferBytes = 128 * 1024;

    /// <summary>Prepares a socket to connect: non-blocking, Nagle off, keepalive on.</summary>
    public static void TuneConnection(Socket socket)
    {
        socket.Blocking = false;
        Apply(socket);
    }

    /// <summary>Limits the buffers of an upstream socket. Must run before the connect, which fixes the receive
    /// window.</summary>
    public static void BoundUpstream(Socket socket)
    {
        socket.SendBufferSize = SendBufferBytes;
        socket.ReceiveBufferSize = ReceiveBufferBytes;
    }

    /// <summary>Prepares a socket to listen; accepted sockets inherit its buffer sizes on every system.</summary>
    public static void TuneListener(Socket socket)
    {
        socket.Blocking = false;
        socket.SendBufferSize = SendBufferBytes;
        Apply(socket);
    }

    /// <summary>Prepares an accepted socket. Linux copies the listener's options, which saves five calls a
    /// connection.</summary>
    public static void TuneAccepted(Socket socket)
    {
        socket.Blocking = false;
        if (!OperatingSystem.IsLinux())
            Apply(socket);
    }

    /// <summary>The peer's address and port, with a mapped IPv4 address as IPv4; null if the connection is already
    /// gone.</summary>
    public static IPEndPoint? RemoteEndPoint(Socket socket) =>
        EndPointOf(socket, static socket => socket.RemoteEndPoint);

    /// <summary>The same of this side.</summary>
    public static IPEndPoint? LocalEndPoint(Socket socket) => EndPointOf(socket, static socket => socket.LocalEndPoint);

    private static IPEndPoint? EndPointOf(Socket socket, Func<Socket, EndPoint?> read)
    {
        try
        {
            IPEndPoint? found = read(socket) as IPEndPoint;
            return found is { Address.IsIPv4MappedToIPv6: true }
                ? new IPEndPoint(found.Address.MapToIPv4(), found.Port)
                : found;
        }
        catch (SocketException)
        {
            // The connection is already gone; the first receive reports it.
            return null;
        }
    }

    /// <summary>Whether a socket connected to <paramref name="endPoint"/> is its own peer.</summary>
    public static bool IsOwnPeer(Socket socket, IPEndPoint endPoint)
    {
        try
        {
            return endPoint.Equals(socket.LocalEndPoint);
        }
        catch (SocketException)
        {
            // The connection is already gone; the first receive reports it.
            return false;
        }
    }

    private static void Apply(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
    }
}
