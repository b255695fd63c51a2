using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>What Linux's errno(3) means for a socket.</summary>
internal static class LinuxErrors
{
    /// <summary>The meaning after a call other than connect(2).</summary>
    public static SocketError Meaning(int errno) =>
        errno switch
        {
            0 => SocketError.Success,
            11 or 4 => SocketError.WouldBlock, // EAGAIN; EINTR: the loop is told again
            24 => SocketError.TooManyOpenSockets, // EMFILE: this process
            23 or 12 or 105 => SocketError.NoBufferSpaceAvailable, // ENFILE, ENOMEM, ENOBUFS: the whole system
            103 => SocketError.ConnectionAborted,
            104 => SocketError.ConnectionReset,
            32 => SocketError.Shutdown, // EPIPE
            107 => SocketError.NotConnected,
            110 => SocketError.TimedOut,
            111 => SocketError.ConnectionRefused,
            101 => SocketError.NetworkUnreachable,
            113 => SocketError.HostUnreachable,
            13 or 1 => SocketError.AccessDenied, // EACCES, EPERM: a firewall
            22 => SocketError.InvalidArgument,
            _ => SocketError.SocketError,
        };

    /// <summary>The meaning after connect(2) on a non-blocking socket.</summary>
    public static SocketError MeaningOfConnect(int errno) =>
        errno switch
        {
            106 => SocketError.Success, // EISCONN: asked again
            115 or 114 or 4 => SocketError.WouldBlock, // EINPROGRESS, EALREADY; EINTR: it goes on by itself
            11 or 99 => SocketError.AddressNotAvailable, // EAGAIN, EADDRNOTAVAIL: no local port left
            _ => Meaning(errno),
        };
}
