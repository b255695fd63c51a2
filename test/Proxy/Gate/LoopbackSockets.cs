using System.Net;
using System.Net.Sockets;

namespace FastGate.Test.Proxy.Gate;

/// <summary>Sockets on loopback addresses, which stand in for clients and for other programs.</summary>
internal static class LoopbackSockets
{
    /// <summary>Whether a connection succeeds; false if it is refused.</summary>
    public static bool CanConnect(string host, int port)
    {
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            client.Connect(IPAddress.Parse(host), port);
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
    }

    /// <summary>Listens on an address, as another program would.</summary>
    public static Socket Listen(string host, int port)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(host), port));
        listener.Listen();
        return listener;
    }
}
