using System.Net;
using System.Net.Sockets;

namespace FastGate.Transport;

/// <summary>The socket options that every connection and listener of the gate has.</summary>
internal static class SocketTuning
{
    /// <summary>Seconds of silence before the first keepalive probe, so that a peer whose lid was closed is found.</summary>
    internal const int KeepAliveSeconds = 30;

    /// <summary>Seconds between keepalive probes.</summary>
    internal const int KeepAliveIntervalSeconds = 10;

    /// <summary>Unanswered probes after which the connection is lost.</summary>
    internal const int KeepAliveProbes = 3;

    /// <summary>For a socket that is to be connected: non-blocking, Nagle off, keepalive on.</summary>
    public static void TuneConnection(Socket socket)
    {
        socket.Blocking = false;
        Apply(socket);
    }

    /// <summary>For a socket that is to listen.</summary>
    public static void TuneListener(Socket socket)
    {
        socket.Blocking = false;
        Apply(socket);
    }

    /// <summary>For a socket that was accepted. Linux hands the listener's options on, which saves five calls a connection.</summary>
    public static void TuneAccepted(Socket socket)
    {
        socket.Blocking = false;
        if (!OperatingSystem.IsLinux()) Apply(socket);
    }

    /// <summary>Who is at the other end; null when the connection is gone already.</summary>
    public static EndPoint? RemoteEndPoint(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint;
        }
        catch (SocketException)
        {
            // The peer was quicker; the first receive will tell.
            return null;
        }
    }

    /// <summary>The address at the other end, IPv4 as such; null when the connection is gone already.</summary>
    public static IPAddress? RemoteAddress(Socket socket) => RemoteEndPoint(socket) switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped => mapped.Address.MapToIPv4(),
        IPEndPoint peer => peer.Address,
        _ => null,
    };

    /// <summary>What has befallen a connection since it was last asked (SO_ERROR); asking clears it.</summary>
    public static SocketError ErrorOf(Socket socket)
    {
        try
        {
            return (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        }
        catch (SocketException failure)
        {
            // Some systems answer no more questions about a connection that is gone.
            return failure.SocketErrorCode;
        }
    }

    /// <summary>Makes the coming close a reset.</summary>
    public static void ResetOnClose(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // The peer was quicker; a close is all that is left to do.
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
