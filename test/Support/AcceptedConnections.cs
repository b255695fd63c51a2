using System.Net.Sockets;

namespace FastGate.Test.Support;

/// <summary>The accept loop of a stand-in server.</summary>
internal static class AcceptedConnections
{
    /// <summary>Serves each connection of a listening socket. Completes when the socket is closed, as at the end of a
    /// test.</summary>
    /// <param name="listener">The listening socket.</param>
    /// <param name="serve">Serves one connection and closes it; nothing waits for its end.</param>
    public static async Task ServeAsync(Socket listener, Func<Socket, Task> serve)
    {
        try
        {
            while (true)
                _ = serve(await listener.AcceptAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener is closed: the test is over.
        }
    }
}
