using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FastGate.Transport;

/// <summary>
/// connect(2) on a non-blocking socket. .NET tells a connect that is under way by an exception, which is every connect:
/// on the one thread of all connections that is time taken from the others.
/// </summary>
internal static class LinuxConnect
{
    public static SocketError Begin(Socket socket, IPEndPoint endPoint)
    {
        SocketAddress address = endPoint.Serialize();
        int result = Connect(socket.SafeHandle, ref address.Buffer.Span[0], address.Size);
        return result == 0 ? SocketError.Success : ErrorOf(Marshal.GetLastPInvokeError());
    }

    // errno(3) of Linux, on all of its architectures that .NET runs on.
    private static SocketError ErrorOf(int errno) => errno switch
    {
        115 => SocketError.WouldBlock, // EINPROGRESS
        4 => SocketError.WouldBlock, // EINTR: it goes on by itself
        12 or 105 => SocketError.NoBufferSpaceAvailable, // ENOMEM, ENOBUFS
        13 or 1 => SocketError.AccessDenied, // EACCES, EPERM: a firewall
        11 or 99 => SocketError.AddressNotAvailable, // EAGAIN, EADDRNOTAVAIL: no local port left
        101 => SocketError.NetworkUnreachable,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        113 => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    };

    [DllImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static extern int Connect(SafeHandle socket, ref byte address, int length);
}
