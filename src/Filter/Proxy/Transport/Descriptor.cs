using System.Net;
using System.Net.Sockets;

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
