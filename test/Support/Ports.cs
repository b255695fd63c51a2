using System.Net;
using System.Net.Sockets;

namespace FastGate.Test.Support;

/// <summary>Free loopback ports, each handed out once. Thread-safe; bench uses it as well.</summary>
internal static class Ports
{
    // Below the ephemeral ports (from 32768 on Linux, 49152 on macOS): no outgoing connection takes such a port between
    // this call and the caller's own bind, and no probe of a port where nothing listens yet connects to itself.
    private const int PortMin = 12_000;
    private const int PortMax = 20_000;

    private static int _last = Random.Shared.Next(PortMax - PortMin);

    public static int Free()
    {
        while (true)
        {
            int port = PortMin + (int)((uint)Interlocked.Increment(ref _last) % (PortMax - PortMin));
            using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another program listens there: try the next one.
            }
        }
    }

    public static IPEndPoint FreeEndPoint() => new(IPAddress.Loopback, Free());
}
