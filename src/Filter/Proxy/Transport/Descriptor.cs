using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A socket as a loop holds it: the system's number for it, and .NET's own socket where one was made. A bare number
/// costs a tenth of the memory and none of the bookkeeping for other threads, which a loop does not need. One thread at
/// a time.
/// </summary>
internal sealed class Descriptor : IDisposable
{
    // No descriptor has this number, so a call that comes after the close can reach nobody else's.
    private const int Closed = -1;

    /// <summary>Takes over one of .NET's sockets, and closes it in the end.</summary>
    public Descriptor(Socket socket, IPAddress? peer = null)
    {
        Socket = socket;
        Number = (int)socket.SafeHandle.DangerousGetHandle();
        Peer = peer;
    }

    /// <summary>Takes over a descriptor of the system, and closes it in the end.</summary>
    public Descriptor(int number, IPAddress? peer = null)
    {
        Number = number;
        Peer = peer;
    }

    public int Number { get; private set; }

    /// <summary>Null where .NET has none around it.</summary>
    public Socket? Socket { get; }

    /// <summary>Who is at the other end of an accepted connection, IPv4 as such; null when it was gone
    /// already.</summary>
    public IPAddress? Peer { get; }

    public bool IsClosed => Number == Closed;

    public void Dispose()
    {
        int number = Number;
        Number = Closed;
        if (Socket is not null)
            Socket.Dispose();
        else if (number != Closed)
            LinuxCalls.Close(number);
    }
}

/// <summary>
/// Descriptors that are held only to be let go when the process has no other left: the runtime needs some for itself
/// (the collector reads /proc/meminfo, and takes a failure for a machine without memory). While they are let go,
/// nothing new is accepted or connected. Belongs to the loop's thread.
/// </summary>
internal sealed class DescriptorReserve : IDisposable
{
    private const int Size = 16;

    private readonly SafeFileHandle?[] _held = new SafeFileHandle?[Size];
    private bool _isHeld;

    /// <summary>Takes the descriptors if they are not held.</summary>
    /// <returns>False while the system does not give them: then there is nothing to spare for a connection
    /// either.</returns>
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
            // Still short of them.
            LetGo();
        }
        return _isHeld;
    }

    public void LetGo()
    {
        _isHeld = false;
        for (int i = 0; i < Size; i++)
        {
            _held[i]?.Dispose();
            _held[i] = null;
        }
    }

    public void Dispose() => LetGo();
}
