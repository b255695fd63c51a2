using System.Net;
using System.Net.Sockets;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

/// <summary>Another program that uses the port: a web server with one response for every request.</summary>
internal sealed class OtherProgram : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Task _accepting;
    private readonly bool _isSilent;

    /// <param name="network">Where it runs.</param>
    /// <param name="at">Where it listens.</param>
    /// <param name="isSilent">Whether it accepts requests and never responds, like a program that hangs.</param>
    public OtherProgram(NetNamespace network, IPEndPoint at, bool isSilent = false)
    {
        _isSilent = isSilent;
        _listener = network.Make(() => new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        _listener.Bind(at);
        _listener.Listen();
        _accepting = AcceptedConnections.ServeAsync(_listener, RespondAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task RespondAsync(Socket client)
    {
        using (client)
        {
            try
            {
                byte[] buffer = new byte[4096];
                while (await client.ReceiveAsync(buffer) > 0 && _isSilent)
                {
                    // Until the client disconnects.
                }
                if (_isSilent)
                    return;
                await client.SendAsync(
                    "HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\nConnection: close\r\n\r\nnobody"u8.ToArray()
                );
                client.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // The client has disconnected.
            }
        }
    }
}
