using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FastGate.Proxy.Transport;

/// <summary>
/// Linux's own socket calls. .NET's are made for sockets that many threads share: they count each call in and out, and
/// report an empty backlog or a connect in progress by an exception. On a thread that serves all connections that
/// delays the others; these calls made a new connection cost a third less processor time. Belongs to the loop's thread.
/// </summary>
/// <remarks>The constants are those of asm-generic, which hold on every processor on which .NET supports
/// Linux.</remarks>
internal sealed class LinuxCalls : ISocketCalls
{
    private const int Internet = 2; // AF_INET
    private const int Internet6 = 10; // AF_INET6
    private const int Stream = 1; // SOCK_STREAM
    private const int NonBlockingCloseOnExec = 0x800 | 0x80000; // SOCK_NONBLOCK | SOCK_CLOEXEC
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL
    private const int ShutWrite = 1; // SHUT_WR

    private const int SocketLevel = 1; // SOL_SOCKET
    private const int OptionError = 4; // SO_ERROR
    private const int OptionSendBuffer = 7; // SO_SNDBUF
    private const int OptionReceiveBuffer = 8; // SO_RCVBUF
    private const int OptionKeepAlive = 9; // SO_KEEPALIVE
    private const int OptionLinger = 13; // SO_LINGER
    private const int TcpLevel = 6; // IPPROTO_TCP
    private const int OptionNoDelay = 1; // TCP_NODELAY
    private const int OptionKeepAliveIdle = 4; // TCP_KEEPIDLE
    private const int OptionKeepAliveInterval = 5; // TCP_KEEPINTVL
    private const int OptionKeepAliveCount = 6; // TCP_KEEPCNT

    // Two struct iovec: an address and a length each.
    private readonly nint[] _parts = new nint[4];
    private IPEndPoint? _known;
    private SocketAddress? _knownAddress;

    public Descriptor? Accept(Descriptor listener, out SocketError error)
    {
        Span<byte> address = stackalloc byte[SocketAddressBytes.BytesMax];
        int length = SocketAddressBytes.BytesMax;
        int number = Accept4(listener.Number, ref address[0], ref length, NonBlockingCloseOnExec);
        error = number < 0 ? LastError() : SocketError.Success;
        if (number < 0)
            return null;
        address = address[..int.Clamp(length, 0, SocketAddressBytes.BytesMax)];
        // Linux copies the listener's options to the accepted socket.
        return new Descriptor(number, PeerOf(address), SocketAddressBytes.ReadPort(address));
    }

    public Descriptor? Open(IPEndPoint endPoint, out SocketError error)
    {
        bool six = endPoint.AddressFamily == AddressFamily.InterNetworkV6;
        int number = NewSocket(six ? Internet6 : Internet, Stream | NonBlockingCloseOnExec, 0);
        error = number < 0 ? LastError() : SocketError.Success;
        if (number < 0)
            return null;
        Set(number, TcpLevel, OptionNoDelay, 1);
        Set(number, SocketLevel, OptionSendBuffer, SocketTuning.SendBufferBytes);
        Set(number, SocketLevel, OptionReceiveBuffer, SocketTuning.ReceiveBufferBytes);
        // A peer on this machine cannot disappear silently.
        if (!IPAddress.IsLoopback(endPoint.Address))
            KeepAlive(number);
        return new Descriptor(number);
    }

    public SocketError Connect(Descriptor socket, IPEndPoint endPoint)
    {
        SocketAddress address = AddressOf(endPoint);
        SocketError error = Connect(socket, address);
        // On loopback the connection is complete before the first call returns; a second call saves a wait.
        return error == SocketError.WouldBlock ? Connect(socket, address) : error;
    }

    public bool IsOwnPeer(Descriptor socket, IPEndPoint endPoint)
    {
        Span<byte> address = stackalloc byte[SocketAddressBytes.BytesMax];
        int length = SocketAddressBytes.BytesMax;
        if (GetName(socket.Number, ref address[0], ref length) != 0)
            return false;
        ReadOnlySpan<byte> wanted = AddressOf(endPoint).Buffer.Span;
        return address[..2].SequenceEqual(wanted[..2])
            && SocketAddressBytes.AreSame(address, wanted, endPoint.AddressFamily);
    }

    public int Receive(Descriptor socket, Span<byte> into, out SocketError error)
    {
        nint count = Receive(socket.Number, ref MemoryMarshal.GetReference(into), (nuint)into.Length, 0);
        error = count < 0 ? LastError() : SocketError.Success;
        return count < 0 ? 0 : (int)count;
    }

    public int Send(Descriptor socket, ReadOnlySpan<byte> from, out SocketError error)
    {
        nint count = Send(socket.Number, ref MemoryMarshal.GetReference(from), (nuint)from.Length, NoSignal);
        error = count < 0 ? LastError() : SocketError.Success;
        return count < 0 ? 0 : (int)count;
    }

    public int Send(Descriptor socket, ArraySegment<byte> first, ArraySegment<byte> second, out SocketError error)
    {
        GCHandle firstPin = GCHandle.Alloc(first.Array, GCHandleType.Pinned);
        GCHandle secondPin = GCHandle.Alloc(second.Array, GCHandleType.Pinned);
        GCHandle partsPin = GCHandle.Alloc(_parts, GCHandleType.Pinned);
        _parts[0] = firstPin.AddrOfPinnedObject() + first.Offset;
        _parts[1] = first.Count;
        _parts[2] = secondPin.AddrOfPinnedObject() + second.Offset;
        _parts[3] = second.Count;
        MessageHeader message = new() { Parts = partsPin.AddrOfPinnedObject(), PartCount = 2 };
        nint count = SendMessage(socket.Number, ref message, NoSignal);
        error = count < 0 ? LastError() : SocketError.Success;
        partsPin.Free();
        secondPin.Free();
        firstPin.Free();
        return count < 0 ? 0 : (int)count;
    }

    // On an error the connection is already gone.
    public void ShutdownSend(Descriptor socket) => _ = Shutdown(socket.Number, ShutWrite);

    // struct linger: on, 0 seconds. On an error the connection is already gone.
    public void ResetOnClose(Descriptor socket)
    {
        long onAndNoTime = BitConverter.IsLittleEndian ? 1 : 1L << 32;
        _ = SetOption(socket.Number, SocketLevel, OptionLinger, ref onAndNoTime, sizeof(long));
    }

    public SocketError ErrorOf(Descriptor socket)
    {
        int error = 0;
        int length = sizeof(int);
        int result = GetOption(socket.Number, SocketLevel, OptionError, ref error, ref length);
        return result < 0 ? LastError() : LinuxErrors.Meaning(error);
    }

    private static SocketError Connect(Descriptor socket, SocketAddress address)
    {
        int result = Connect(socket.Number, ref address.Buffer.Span[0], address.Size);
        return result == 0 ? SocketError.Success : LinuxErrors.MeaningOfConnect(Marshal.GetLastPInvokeError());
    }

    private SocketAddress AddressOf(IPEndPoint endPoint)
    {
        // A gate has one upstream, so this is nearly always the same endpoint as before.
        if (ReferenceEquals(_known, endPoint))
            return _knownAddress!;
        _known = endPoint;
        return _knownAddress = endPoint.Serialize();
    }

    private static IPAddress? PeerOf(ReadOnlySpan<byte> address) =>
        address.Length < sizeof(ushort)
            ? null
            : MemoryMarshal.Read<ushort>(address) switch
            {
                Internet => SocketAddressBytes.ReadIPv4(address),
                Internet6 => SocketAddressBytes.ReadIPv6(address),
                _ => null,
            };

    private static void KeepAlive(int number)
    {
        Set(number, SocketLevel, OptionKeepAlive, 1);
        Set(number, TcpLevel, OptionKeepAliveIdle, SocketTuning.KeepAliveSeconds);
        Set(number, TcpLevel, OptionKeepAliveInterval, SocketTuning.KeepAliveIntervalSeconds);
        Set(number, TcpLevel, OptionKeepAliveCount, SocketTuning.KeepAliveProbes);
    }

    // The connection works without an option that the system refuses.
    private static void Set(int number, int level, int option, int value) =>
        _ = SetOption(number, level, option, ref value, sizeof(int));

    private static SocketError LastError() => LinuxErrors.Meaning(Marshal.GetLastPInvokeError());

    [DllImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static extern int Accept4(int socket, ref byte address, ref int length, int flags);

    [DllImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static extern int NewSocket(int family, int type, int protocol);

    [DllImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static extern int Connect(int socket, ref byte address, int length);

    [DllImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    private static extern int GetName(int socket, ref byte address, ref int length);

    [DllImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static extern nint Receive(int socket, ref byte into, nuint length, int flags);

    [DllImport("libc", EntryPoint = "send", SetLastError = true)]
    private static extern nint Send(int socket, ref byte from, nuint length, int flags);

    [DllImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static extern nint SendMessage(int socket, ref MessageHeader message, int flags);

    [DllImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static extern int Shutdown(int socket, int how);

    [DllImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static extern int SetOption(int socket, int level, int option, ref int value, int length);

    [DllImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static extern int SetOption(int socket, int level, int option, ref long value, int length);

    [DllImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static extern int GetOption(int socket, int level, int option, ref int value, ref int length);

    /// <summary><c>struct msghdr</c> (sendmsg(2)).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public nint Name;
        public uint NameBytes;
        public nint Parts;
        public nint PartCount;
        public nint Control;
        public nint ControlBytes;
        public int Flags;
    }
}

/// <summary>Maps Linux's errno(3) to socket errors.</summary>
internal static class LinuxErrors
{
    /// <summary>The error of any call except connect(2).</summary>
    public static SocketError Meaning(int errno) =>
        errno switch
        {
            0 => SocketError.Success,
            11 or 4 => SocketError.WouldBlock, // EAGAIN; EINTR: the loop reports the socket again
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

    /// <summary>The error of connect(2) on a non-blocking socket.</summary>
    public static SocketError MeaningOfConnect(int errno) =>
        errno switch
        {
            106 => SocketError.Success, // EISCONN: called again
            115 or 114 or 4 => SocketError.WouldBlock, // EINPROGRESS, EALREADY; EINTR: the connect continues by itself
            11 or 99 => SocketError.AddressNotAvailable, // EAGAIN, EADDRNOTAVAIL: no local port left
            _ => Meaning(errno),
        };
}
