using System.Net;
using System.Net.Sockets;
using FastGate.Test.Support;

namespace FastGate.Test.Doctor;

/// <summary>Another program that has the port: a web server with one answer for all.</summary>
internal sealed class Stranger : IAsyncDisposable
{
    private readonly Socket listener;
    private readonly Task accepting;

    public Stranger(NetNamespace network, IPEndPoint at)
    {
        listener = network.Make(() => new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(at);
        listener.Listen();
        accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                using Socket client = await listener.AcceptAsync();
                await client.ReceiveAsync(buffer);
                await client.SendAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\nConnection: close\r\n\r\nnobody"u8.ToArray());
                client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
