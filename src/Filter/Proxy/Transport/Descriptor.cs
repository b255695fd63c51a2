using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A socket as a loop holds it: the system's descriptor, and .NET's socket if there is one. A bare descriptor takes a
/// tenth of the memory and no bookkeeping for other threads. One thread at a time.
/// </summary>
internal sealed class Descriptor : IDisposable
{
    // No descriptor has this number, so a call after the close cannot reach another socket.
    private const int Closed = -1;

    /// <summary>Takes ownership of a .NET socket; Dispose closes it.</summary>
    public Descriptor(Socket socket, IPAddress? peer = null, int peerPort = 0)
    {
        Socket = socket;
        Number = (int)socket.SafeHandle.DangerousGetHandle();
        Peer = peer;
        PeerPort = peerPort;
    }

    /// <summary>Takes ownership of a system descriptor; Dispose closes it.</summary>
    public Descriptor(int number, IPAddress? peer = null, int peerPort = 0)
    {
        Number = number;
        Peer = peer;
        PeerPort = peerPort;
    }

    public int Number { get; private set; }

    /// <summary>The .NET socket; null for a bare descriptor.</summary>
    public Socket? Socket { get; }

    /// <summary>The state that the portable backend keeps with a socket; null on the others.</summary>
    public AsyncSocket? Async { get; set; }

    /// <summary>The peer of an accepted connection, with a mapped IPv4 address as IPv4; null if it was already
    /// gone.</summary>
    public IPAddress? Peer { get; }

    /// <summary>The port of the peer of an accepted connection.</summary>
    public int PeerPort { get; }

    public bool IsClosed => Number == Closed;

    public void Dispose()
    {
        int number = Number;
        Number = Closed;
        Async?.Close();
        if (Socket is not null)
            Socket.Dispose();
        else if (number != Closed)
            Close(number);
        Async?.Free();
    }

    /// <summary>Closes a descriptor that no <see cref="Descriptor"/> owns yet. Even if close(2) fails, the number is
    /// free.</summary>
    internal static void Close(int number) => _ = CloseNumber(number);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int CloseNumber(int descriptor);
}

/// <summary>
/// Spare descriptors, released when the process has no others left, because the runtime needs some itself (the garbage
/// collector reads /proc/meminfo and takes a failure for a machine without memory). While they are released, nothing is
/// accepted or connected. Belongs to the loop's thread.
/// </summary>
internal sealed class DescriptorReserve : IDisposable
{
    private const int Size = 16;

    private readonly SafeFileHandle?[] _held = new SafeFileHandle?[Size];
    private bool _isHeld;

    /// <summary>Acquires the descriptors, unless they are held.</summary>
    /// <returns>False if the system has none: then it has none to spare for a connection either.</returns>
    public bool TryKeep()
    {
        if (_isHeld)
            return true;
        try
        {
            for (int i = 0; i < Size; i++)
                _held[i] = File.OpenHandle("/dev/null");
            _isHeld = true;
        }
        catch (IOException)
        {
            // Descriptors are still short.
            Release();
        }
        return _isHeld;
    }

    public void Release()
    {
        _isHeld = false;
        for (int i = 0; i < Size; i++)
        {
            _held[i]?.Dispose();
            _held[i] = null;
        }
    }

    public void Dispose() => Release();
}
