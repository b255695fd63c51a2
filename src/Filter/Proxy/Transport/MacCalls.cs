using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FastGate.Proxy.Transport;

/// <summary>
/// macOS's own socket calls. .NET's throw for a peer that reset its IPv6 connection before it was accepted
/// (dotnet/runtime issue 121848), report every connect by an exception, and count each call in and out. Belongs to the
/// loop's thread.
/// </summary>
/// <remarks>
/// The constants are those of xnu's headers. xnu has no accept4(2) and no SOCK_NONBLOCK: an accepted socket is
/// non-blocking because its listener is, and <see cref="Control"/> sets close-on-exec.
/// </remarks>
internal sealed class MacCalls : ISocketCalls
{
    private const int Unix = 1; // AF_UNIX
    private const int Stream = 1; // SOCK_STREAM
    private const int Datagram = 2; // SOCK_DGRAM
    private const int ShutWrite = 1; // SHUT_WR

    private const int GetDescriptorFlags = 1; // F_GETFD
    private const int SetDescriptorFlags = 2; // F_SETFD
    private const int GetStatusFlags = 3; // F_GETFL
    private const int SetStatusFlags = 4; // F_SETFL
    private const int CloseOnExec = 1; // FD_CLOEXEC
    private const int ReadWrite = 2; // O_RDWR
    private const int NonBlocking = 4; // O_NONBLOCK

    private const int SocketLevel = 0xffff; // SOL_SOCKET
    private const int OptionKeepAlive = 0x0008; // SO_KEEPALIVE
    private const int OptionLinger = 0x0080; // SO_LINGER
    private const int OptionSendBuffer = 0x1001; // SO_SNDBUF
    private const int OptionReceiveBuffer = 0x1002; // SO_RCVBUF
    private const int OptionError = 0x1007; // SO_ERROR
    private const int OptionNoSignal = 0x1022; // SO_NOSIGPIPE: there is no MSG_NOSIGNAL
    private const int TcpLevel = 6; // IPPROTO_TCP
    private const int OptionNoDelay = 0x01; // TCP_NODELAY
    private const int OptionKeepAliveIdle = 0x10; // TCP_KEEPALIVE
    private const int OptionKeepAliveInterval = 0x101; // TCP_KEEPINTVL
    private const int OptionKeepAliveCount = 0x102; // TCP_KEEPCNT

    public Descriptor? Accept(Descriptor listener, out SocketError error)
    {
        // xnu takes a connection from the backlog before it allocates a descriptor, and drops it if there is none.
        error = HasDescriptorLeft();
        if (error != SocketError.Success)
            return null;
        Span<byte> address = stackalloc byte[MacAddress.BytesMax];
        int length = MacAddress.BytesMax;
        int number = Accept(listener.Number, ref address[0], ref length);
        error = number < 0 ? LastError() : SocketError.Success;
        if (number < 0)
            return null;
        address = address[..int.Clamp(length, 0, MacAddress.BytesMax)];
        IPAddress? peer = MacAddress.Read(address);
        if (peer is null)
        {
            // The peer has already reset the connection: xnu has no address for it.
            Descriptor.Close(number);
            error = SocketError.ConnectionAborted;
            return null;
        }
        SetCloseOnExec(number);
        Tune(number, keepAlive: true);
        return new Descriptor(number, peer, SocketAddressBytes.ReadPort(address));
    }

    public Descriptor? Open(IPEndPoint endPoint, out SocketError error)
    {
        bool six = endPoint.AddressFamily == AddressFamily.InterNetworkV6;
        int number = NewSocket(six ? MacAddress.Internet6 : MacAddress.Internet, Stream, 0);
        error = number < 0 ? LastError() : SocketError.Success;
        if (number < 0)
            return null;
        if (Control(number, SetStatusFlags, ReadWrite | NonBlocking) < 0)
        {
            // A blocking socket would block the loop.
            error = LastError();
            Descriptor.Close(number);
            return null;
        }
        SetCloseOnExec(number);
        Set(number, SocketLevel, OptionSendBuffer, SocketTuning.SendBufferBytes);
        Set(number, SocketLevel, OptionReceiveBuffer, SocketTuning.ReceiveBufferBytes);
        Tune(number, keepAlive: !IPAddress.IsLoopback(endPoint.Address));
        return new Descriptor(number);
    }

    public SocketError Connect(Descriptor socket, IPEndPoint endPoint)
    {
        Span<byte> address = stackalloc byte[MacAddress.BytesMax];
        int length = MacAddress.Write(endPoint, address);
        int result = Connect(socket.Number, ref address[0], length);
        return result == 0 ? SocketError.Success : MacErrors.MeaningOfConnect(Marshal.GetLastPInvokeError());
    }

    public bool IsOwnPeer(Descriptor socket, IPEndPoint endPoint)
    {
        Span<byte> own = stackalloc byte[MacAddress.BytesMax];
        Span<byte> wanted = stackalloc byte[MacAddress.BytesMax];
        int length = MacAddress.BytesMax;
        if (GetName(socket.Number, ref own[0], ref length) != 0)
            return false;
        _ = MacAddress.Write(endPoint, wanted);
        return own[1] == wanted[1] && SocketAddressBytes.AreSame(own, wanted, endPoint.AddressFamily);
    }

    public int Receive(Descriptor socket, Span<byte> into, out SocketError error)
    {
        nint count = Receive(socket.Number, ref MemoryMarshal.GetReference(into), (nuint)into.Length, 0);
        error = count < 0 ? LastError() : SocketError.Success;
        return count < 0 ? 0 : (int)count;
    }

    public int Send(Descriptor socket, ReadOnlySpan<byte> from, out SocketError error)
    {
        nint count = Send(socket.Number, ref MemoryMarshal.GetReference(from), (nuint)from.Length, 0);
        error = count < 0 ? LastError() : SocketError.Success;
        return count < 0 ? 0 : (int)count;
    }

    // On an error the connection is already gone.
    public void ShutdownSend(Descriptor socket) => _ = Shutdown(socket.Number, ShutWrite);

    // struct linger: on, 0 seconds. On an error the connection is already gone.
    public void ResetOnClose(Descriptor socket)
    {
        long onAndNoTime = 1;
        _ = SetOption(socket.Number, SocketLevel, OptionLinger, ref onAndNoTime, sizeof(long));
    }

    public SocketError ErrorOf(Descriptor socket)
    {
        int error = 0;
        int length = sizeof(int);
        int result = GetOption(socket.Number, SocketLevel, OptionError, ref error, ref length);
        return result < 0 ? LastError() : MacErrors.Meaning(error);
    }

    /// <summary>Keeps a descriptor from programs that this process starts.</summary>
    internal static void SetCloseOnExec(int number) => _ = Control(number, SetDescriptorFlags, CloseOnExec);

    /// <summary>Whether <see cref="Control"/> took effect on a socket. Reading the flags needs no variadic
    /// argument.</summary>
    internal static bool IsTuned(Descriptor socket) =>
        (Control(socket.Number, GetDescriptorFlags, 0) & CloseOnExec) != 0
        && (Control(socket.Number, GetStatusFlags, 0) & NonBlocking) != 0;

    // A new socket needs the same as accept(2): an entry in the process's table and one in the system's.
    private static SocketError HasDescriptorLeft()
    {
        int probe = NewSocket(Unix, Datagram, 0);
        if (probe < 0)
            return LastError();
        Descriptor.Close(probe);
        return SocketError.Success;
    }

    // The connection works without an option that the system refuses.
    private static void Tune(int number, bool keepAlive)
    {
        Set(number, SocketLevel, OptionNoSignal, 1);
        Set(number, TcpLevel, OptionNoDelay, 1);
        // A loopback peer cannot disappear silently.
        if (!keepAlive)
            return;
        Set(number, SocketLevel, OptionKeepAlive, 1);
        Set(number, TcpLevel, OptionKeepAliveIdle, SocketTuning.KeepAliveSeconds);
        Set(number, TcpLevel, OptionKeepAliveInterval, SocketTuning.KeepAliveIntervalSeconds);
        Set(number, TcpLevel, OptionKeepAliveCount, SocketTuning.KeepAliveProbes);
    }

    private static void Set(int number, int level, int option, int value) =>
        _ = SetOption(number, level, option, ref value, sizeof(int));

    /// <summary>
    /// Calls fcntl(2), whose last argument is variadic. Apple's arm64 passes variadic arguments on the stack ("Writing
    /// ARM64 code for Apple platforms"); ordinary arguments go there only after eight registers, so as the ninth
    /// argument the value is where fcntl reads it. On x86-64 both kinds are passed the same way.
    /// </summary>
    private static int Control(int number, int command, nint value) =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? ControlByStack(number, command, 0, 0, 0, 0, 0, 0, value)
            : ControlByRegister(number, command, value);

    private static SocketError LastError() => MacErrors.Meaning(Marshal.GetLastPInvokeError());

    [DllImport("libSystem", EntryPoint = "accept", SetLastError = true)]
    private static extern int Accept(int socket, ref byte address, ref int length);

    [DllImport("libSystem", EntryPoint = "socket", SetLastError = true)]
    private static extern int NewSocket(int family, int type, int protocol);

    [DllImport("libSystem", EntryPoint = "connect", SetLastError = true)]
    private static extern int Connect(int socket, ref byte address, int length);

    [DllImport("libSystem", EntryPoint = "getsockname", SetLastError = true)]
    private static extern int GetName(int socket, ref byte address, ref int length);

    [DllImport("libSystem", EntryPoint = "fcntl", SetLastError = true)]
    private static extern int ControlByRegister(int descriptor, int command, nint value);

    [DllImport("libSystem", EntryPoint = "fcntl", SetLastError = true)]
    private static extern int ControlByStack(
        int descriptor,
        int command,
        nint third,
        nint fourth,
        nint fifth,
        nint sixth,
        nint seventh,
        nint eighth,
        nint value
    );

    [DllImport("libSystem", EntryPoint = "recv", SetLastError = true)]
    private static extern nint Receive(int socket, ref byte into, nuint length, int flags);

    [DllImport("libSystem", EntryPoint = "send", SetLastError = true)]
    private static extern nint Send(int socket, ref byte from, nuint length, int flags);

    [DllImport("libSystem", EntryPoint = "shutdown", SetLastError = true)]
    private static extern int Shutdown(int socket, int how);

    [DllImport("libSystem", EntryPoint = "setsockopt", SetLastError = true)]
    private static extern int SetOption(int socket, int level, int option, ref int value, int length);

    [DllImport("libSystem", EntryPoint = "setsockopt", SetLastError = true)]
    private static extern int SetOption(int socket, int level, int option, ref long value, int length);

    [DllImport("libSystem", EntryPoint = "getsockopt", SetLastError = true)]
    private static extern int GetOption(int socket, int level, int option, ref int value, ref int length);
}

/// <summary>Maps macOS's errno(2) to socket errors. The numbers are those of xnu's sys/errno.h.</summary>
internal static class MacErrors
{
    /// <summary>The error of any call except connect(2).</summary>
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

    /// <summary>The error of connect(2) on a non-blocking socket.</summary>
    public static SocketError MeaningOfConnect(int errno) =>
        errno switch
        {
            56 => SocketError.Success, // EISCONN
            36 or 37 or 4 => SocketError.WouldBlock, // EINPROGRESS, EALREADY; EINTR: the connect continues by itself
            35 or 49 => SocketError.AddressNotAvailable, // EAGAIN, EADDRNOTAVAIL: no local port left
            _ => Meaning(errno),
        };
}
