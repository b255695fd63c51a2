using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FastGate.Proxy.Transport;

/// <summary>
/// Linux's own socket calls. .NET's are made for sockets that many threads share: they count each call in and out, and
/// tell an empty backlog or a connect under way by an exception. On the one thread of all connections that is time
/// taken from the others: these made a new connection cost a third less processor time. Belongs to the loop's thread.
/// </summary>
/// <remarks>The numbers are those of asm-generic, which hold on every processor that .NET runs Linux on.</remarks>
internal sealed class LinuxCalls : ISocketCalls
{
    private const int Internet = 2; // AF_INET
    private const int Internet6 = 10; // AF_INET6
    private const int Stream = 1; // SOCK_STREAM
    private const int NonBlockingCloseOnExec = 0x800 | 0x80000; // SOCK_NONBLOCK | SOCK_CLOEXEC
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL
    private const int ShutWrite = 1; // SHUT_WR
    private const int AddressBytesMax = 28; // sockaddr_in6

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

    private IPEndPoint? _known;
    private SocketAddress? _knownAddress;

    public Descriptor? Accept(Descriptor listener, out SocketError error)
    {
        Span<byte> address = stackalloc byte[AddressBytesMax];
        int length = AddressBytesMax;
        int number = Accept4(listener.Number, ref address[0], ref length, NonBlockingCloseOnExec);
        error = number < 0 ? LastError() : SocketError.Success;
        // The listener's options are handed on.
        return number < 0 ? null : new Descriptor(number, PeerOf(address[..int.Clamp(length, 0, AddressBytesMax)]));
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
        // What is on this machine cannot go away without a word.
        if (!IPAddress.IsLoopback(endPoint.Address))
            KeepAlive(number);
        return new Descriptor(number);
    }

    public SocketError Connect(Descriptor socket, IPEndPoint endPoint)
    {
        SocketAddress address = AddressOf(endPoint);
        SocketError error = Connect(socket, address);
        // On loopback the other side has answered before the first call returns; asking again saves waiting for the
        // news.
        return error == SocketError.WouldBlock ? Connect(socket, address) : error;
    }

    public bool IsOwnPeer(Descriptor socket, IPEndPoint endPoint)
    {
        Span<byte> address = stackalloc byte[AddressBytesMax];
        int length = AddressBytesMax;
        if (GetName(socket.Number, ref address[0], ref length) != 0)
            return false;
        ReadOnlySpan<byte> wanted = AddressOf(endPoint).Buffer.Span;
        // Family and port; then IPv4's address, or IPv6's behind the flow label.
        bool six = endPoint.AddressFamily == AddressFamily.InterNetworkV6;
        return address[..4].SequenceEqual(wanted[..4])
            && (six ? address[8..24].SequenceEqual(wanted[8..24]) : address[4..8].SequenceEqual(wanted[4..8]));
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

    // Not connected any more: the peer knows already.
    public void ShutdownSend(Descriptor socket) => _ = Shutdown(socket.Number, ShutWrite);

    // struct linger: on, 0 seconds. If the peer was quicker, a close is all that is left to do.
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

    /// <summary>Closes a descriptor. Whatever it answers, the number is free then.</summary>
    internal static void Close(int number) => _ = CloseDescriptor(number);

    private static SocketError Connect(Descriptor socket, SocketAddress address)
    {
        int result = Connect(socket.Number, ref address.Buffer.Span[0], address.Size);
        return result == 0 ? SocketError.Success : LinuxErrors.MeaningOfConnect(Marshal.GetLastPInvokeError());
    }

    private SocketAddress AddressOf(IPEndPoint endPoint)
    {
        // There is one upstream, so nearly always it is the one of the last time.
        if (ReferenceEquals(_known, endPoint))
            return _knownAddress!;
        _known = endPoint;
        return _knownAddress = endPoint.Serialize();
    }

    private static IPAddress? PeerOf(ReadOnlySpan<byte> address)
    {
        int family = address.Length < sizeof(ushort) ? 0 : MemoryMarshal.Read<ushort>(address);
        if (family == Internet)
            return new IPAddress(address[4..8]);
        if (family != Internet6 || address.Length < AddressBytesMax)
            return null;
        IPAddress peer = new(address[8..24], MemoryMarshal.Read<uint>(address[24..]));
        return peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
    }

    private static void KeepAlive(int number)
    {
        Set(number, SocketLevel, OptionKeepAlive, 1);
        Set(number, TcpLevel, OptionKeepAliveIdle, SocketTuning.KeepAliveSeconds);
        Set(number, TcpLevel, OptionKeepAliveInterval, SocketTuning.KeepAliveIntervalSeconds);
        Set(number, TcpLevel, OptionKeepAliveCount, SocketTuning.KeepAliveProbes);
    }

    // An option that the system does not take leaves a connection that works.
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

    [DllImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static extern int Shutdown(int socket, int how);

    [DllImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static extern int SetOption(int socket, int level, int option, ref int value, int length);

    [DllImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static extern int SetOption(int socket, int level, int option, ref long value, int length);

    [DllImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static extern int GetOption(int socket, int level, int option, ref int value, ref int length);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int CloseDescriptor(int descriptor);
}

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
