using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>What macOS's errno(2) means for a socket. The numbers are those of xnu's sys/errno.h.</summary>
internal static class MacErrors
{
    /// <summary>The meaning after a call other than connect(2).</summary>
    public static SocketError Meaning(int errno) =>
        errno switch
        {
            0 => SocketError.Success,
            35 or 4 => SocketError.WouldBlock, // EAGAIN; EINTR: the loop reports the socket again
            24 => SocketError.TooManyOpenSockets, // EMFILE: this process
            23 or 12 or 55 => SocketError.NoBufferSpaceAvailable, // ENFILE, ENOMEM, ENOBUFS: the whole system
            53 => SocketError.ConnectionAborted,
            54 => SocketError.ConnectionReset,
            32 or 41 => SocketError.Shutdown, // EPIPE; EPROTOTYPE: send(2) on a socket that is being torn down
            57 => SocketError.NotConnected,
            60 => SocketError.TimedOut,
            61 => SocketError.ConnectionRefused,
            50 or 51 => SocketError.NetworkUnreachable, // ENETDOWN, ENETUNREACH
            64 or 65 => SocketError.HostUnreachable, // EHOSTDOWN, EHOSTUNREACH
            13 or 1 => SocketError.AccessDenied, // EACCES, EPERM: a firewall
            22 => SocketError.InvalidArgument,
            _ => SocketError.SocketError,
        };

    /// <summary>The meaning after connect(2) on a non-blocking socket.</summary>
    public static SocketError MeaningOfConnect(int errno) =>
        errno switch
        {
            56 => SocketError.Success, // EISCONN
            36 or 37 or 4 => SocketError.WouldBlock, // EINPROGRESS, EALREADY; EINTR: the connect continues by itself
            35 or 49 => SocketError.AddressNotAvailable, // EAGAIN, EADDRNOTAVAIL: no local port left
            _ => Meaning(errno),
        };
}
