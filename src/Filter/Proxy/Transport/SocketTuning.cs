using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>The socket options that every connection and listener of the gate has.</summary>
internal static class SocketTuning
{
    /// <summary>Seconds of silence before the first keepalive probe, so that a peer whose lid was closed is
    /// found.</summary>
    internal const int KeepAliveSeconds = 30;

    /// <summary>Seconds between keepalive probes.</summary>
    internal const int KeepAliveIntervalSeconds = 10;

    /// <summary>Unanswered probes after which the connection is lost.</summary>
    internal const int KeepAliveProbes = 3;

    /// <summary>
    /// Bytes that the system keeps for a peer that takes none; it counts its own bookkeeping, so Linux doubles the
    /// number. Left to itself it grows to 4 MB a connection. At 50 ms of round trip this still carries 5 MB a second.
    /// </summary>
    internal const int SendBufferBytes = 256 * 1024;

    /// <summary>Bytes of a response that wait for a client that takes none; without a limit these grow to 6 MB a
    /// connection.</summary>
    internal const int ReceiveBufferBytes = 128 * 1024;

    /// <summary>For a socket that is to be connected: non-blocking, Nagle off, keepalive on.</summary>
    public static void TuneConnection(Socket socket)
    {
        socket.Blocking = false;
        Apply(socket);
    }

    /// <summary>For a socket that is to be connected to the upstream, before it is: the receive window follows from
    /// it.</summary>
    public static void BoundUpstream(Socket socket)
    {
        socket.SendBufferSize = SendBufferBytes;
        socket.ReceiveBufferSize = ReceiveBufferBytes;
    }

    /// <summary>For a socket that is to listen; what it accepts has its buffer sizes on every system.</summary>
    public static void TuneListener(Socket socket)
    {
        socket.Blocking = false;
        socket.SendBufferSize = SendBufferBytes;
        Apply(socket);
    }

    /// <summary>For a socket that was accepted. Linux hands the listener's options on, which saves five calls a
    /// connection.</summary>
    public static void TuneAccepted(Socket socket)
    {
        socket.Blocking = false;
        if (!OperatingSystem.IsLinux())
            Apply(socket);
    }

    /// <summary>The address at the other end, IPv4 as such; null when the connection is gone already.</summary>
    public static IPAddress? RemoteAddress(Socket socket)
    {
        try
        {
            IPAddress? peer = (socket.RemoteEndPoint as IPEndPoint)?.Address;
            return peer is { IsIPv4MappedToIPv6: true } ? peer.MapToIPv4() : peer;
        }
        catch (SocketException)
        {
            // The peer was quicker; the first receive will tell.
            return null;
        }
    }

    /// <summary>Whether a socket that was connected to <paramref name="endPoint"/> has it for its own end as
    /// well.</summary>
    public static bool IsOwnPeer(Socket socket, IPEndPoint endPoint)
    {
        try
        {
            return endPoint.Equals(socket.LocalEndPoint);
        }
        catch (SocketException)
        {
            // The connection is gone already; the first receive will tell.
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
