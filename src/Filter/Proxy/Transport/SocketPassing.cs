using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FastGate.Proxy.Transport;

/// <summary>
/// Passes listening sockets to another process over a Unix socket (SCM_RIGHTS: unix(7) on Linux, recv(2) on macOS).
/// Both processes then have the same socket with one backlog: it listens until the last of them closes it, so no
/// connection is refused or lost when one ends. Any thread.
/// </summary>
internal static class SocketPassing
{
    /// <summary>More than a gate listens on; Linux passes at most 253 at once.</summary>
    public const int SocketsMax = 64;

    private const int Rights = 1; // SCM_RIGHTS
    private const int CloseOnExec = 0x40000000; // MSG_CMSG_CLOEXEC, Linux only

    // struct cmsghdr: its length, which is a size_t on Linux and an int on macOS, then the level and the type as ints.
    // Both systems align the data that follows so that it begins right after them.
    private static readonly bool IsMac = OperatingSystem.IsMacOS();
    private static readonly int HeaderBytes = IsMac ? 12 : 16;
    private static readonly int LevelOffset = IsMac ? 4 : 8;
    private static readonly int SocketLevel = IsMac ? 0xffff : 1; // SOL_SOCKET

    /// <summary>Sends sockets, and one byte with them, because Linux passes none without data.</summary>
    /// <param name="to">A connected Unix socket.</param>
    /// <param name="sockets">At most <see cref="SocketsMax"/>.</param>
    /// <param name="with">The byte.</param>
    /// <returns>False if the peer is gone, or a socket has been closed.</returns>
    public static bool TrySend(Socket to, IReadOnlyList<Socket> sockets, byte with)
    {
        byte[] control = new byte[HeaderBytes + (sockets.Count * sizeof(int))];
        WriteHeader(control);
        List<SafeHandle> held = [];
        try
        {
            for (int i = 0; i < sockets.Count; i++)
            {
                bool isHeld = false;
                sockets[i].SafeHandle.DangerousAddRef(ref isHeld);
                held.Add(sockets[i].SafeHandle);
                int number = (int)sockets[i].SafeHandle.DangerousGetHandle();
                MemoryMarshal.Write(control.AsSpan(HeaderBytes + (i * sizeof(int))), number);
            }
            byte[] data = [with];
            return Exchange(to, data, sockets.Count == 0 ? [] : control, isSend: true, out _) == 1;
        }
        catch (ObjectDisposedException)
        {
            // An address was lost, or the gate is stopping.
            return false;
        }
        finally
        {
            foreach (SafeHandle handle in held)
                handle.DangerousRelease();
        }
    }

    /// <summary>Receives sockets that are listening, with their addresses. Does not wait.</summary>
    /// <param name="from">A connected Unix socket, on which a byte has arrived.</param>
    /// <param name="with">The byte that came with them.</param>
    /// <returns>Null if the peer is gone.</returns>
    public static IReadOnlyList<ListenResult>? TryReceive(Socket from, out byte with)
    {
        byte[] control = new byte[HeaderBytes + (SocketsMax * sizeof(int))];
        byte[] data = [0];
        nint count = Exchange(from, data, control, isSend: false, out int controlBytes);
        with = data[0];
        if (count != 1)
            return null;
        List<ListenResult> received = [];
        // Not up to the length in the message, which is rounded up.
        int end = controlBytes > HeaderBytes ? Math.Min(controlBytes, RightsBytes(control)) : 0;
        for (int at = HeaderBytes; at + sizeof(int) <= end; at += sizeof(int))
        {
            if (TryAdopt(MemoryMarshal.Read<int>(control.AsSpan(at))) is { } listening)
                received.Add(listening);
        }
        return received;
    }

    private static ListenResult? TryAdopt(int number)
    {
        SafeSocketHandle handle = new(number, ownsHandle: true);
        if (IsMac)
            MacCalls.SetCloseOnExec(number);
        Socket? socket = null;
        try
        {
            socket = new Socket(handle);
            SocketTuning.TuneListener(socket);
            if (socket.LocalEndPoint is IPEndPoint endPoint)
                return new ListenResult(socket, endPoint, SocketError.Success);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            // Not a socket that listens on TCP: the gate binds the address itself.
        }
        socket?.Dispose();
        handle.Dispose();
        return null;
    }

    private static void WriteHeader(Span<byte> control)
    {
        if (IsMac)
            MemoryMarshal.Write(control, control.Length);
        else
            MemoryMarshal.Write(control, (nint)control.Length);
        MemoryMarshal.Write(control[LevelOffset..], SocketLevel);
        MemoryMarshal.Write(control[(LevelOffset + sizeof(int))..], Rights);
    }

    /// <returns>The length of the header and its descriptors; 0 if it has none.</returns>
    private static int RightsBytes(ReadOnlySpan<byte> control)
    {
        bool isRights =
            MemoryMarshal.Read<int>(control[LevelOffset..]) == SocketLevel
            && MemoryMarshal.Read<int>(control[(LevelOffset + sizeof(int))..]) == Rights;
        return !isRights ? 0
            : IsMac ? MemoryMarshal.Read<int>(control)
            : (int)MemoryMarshal.Read<nint>(control);
    }

    /// <returns>The bytes of data, or a negative number.</returns>
    private static nint Exchange(Socket socket, byte[] data, byte[] control, bool isSend, out int controlBytes)
    {
        GCHandle dataPin = GCHandle.Alloc(data, GCHandleType.Pinned);
        GCHandle controlPin = GCHandle.Alloc(control, GCHandleType.Pinned);
        nint[] parts = [dataPin.AddrOfPinnedObject(), data.Length];
        GCHandle partsPin = GCHandle.Alloc(parts, GCHandleType.Pinned);
        bool isHeld = false;
        try
        {
            socket.SafeHandle.DangerousAddRef(ref isHeld);
            int number = (int)socket.SafeHandle.DangerousGetHandle();
            MessageHeader message = new()
            {
                Parts = partsPin.AddrOfPinnedObject(),
                PartCount = 1,
                Control = control.Length == 0 ? 0 : controlPin.AddrOfPinnedObject(),
                ControlBytes = control.Length,
            };
            nint count = isSend
                ? SendMessage(number, ref message, 0)
                : ReceiveMessage(number, ref message, IsMac ? 0 : CloseOnExec);
            // On macOS this is 4 bytes long, and the flags follow.
            controlBytes = (int)message.ControlBytes;
            return count;
        }
        catch (ObjectDisposedException)
        {
            // The connection was closed by another thread.
            controlBytes = 0;
            return -1;
        }
        finally
        {
            if (isHeld)
                socket.SafeHandle.DangerousRelease();
            partsPin.Free();
            controlPin.Free();
            dataPin.Free();
        }
    }

    [DllImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static extern nint SendMessage(int socket, ref MessageHeader message, int flags);

    [DllImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static extern nint ReceiveMessage(int socket, ref MessageHeader message, int flags);

    /// <summary><c>struct msghdr</c> (sendmsg(2)). macOS has ints for PartCount and ControlBytes, at the same offsets
    /// on a little-endian machine, and its flags in the upper half of ControlBytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public nint Name;
        public nint NameBytes;
        public nint Parts;
        public nint PartCount;
        public nint Control;
        public nint ControlBytes;
        public nint Flags;
    }
}
