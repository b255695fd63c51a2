using System.Net;
using System.Net.Sockets;

namespace FastGate.Test.Support;

/// <summary>Loopback ports where nothing listens, each given once. Any thread.</summary>
internal static class Ports
{
    // Below the ports that the system gives to clients and to listeners on port 0 (Linux 32768, macOS 49152), and below
    // those of TaggingUpstream: nothing takes such a port between this call and the test's own bind.
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
