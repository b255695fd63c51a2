using System.Net;
using System.Net.Sockets;

namespace FastGate.Test.Commands.Run;

/// <summary>Sends half a response to each request, and the rest after <see cref="Finish"/>.</summary>
internal sealed class SlowOllama : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SlowOllama()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public void Finish() => _rest.TrySetResult();

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = RespondAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task RespondAsync(TcpClient client)
    {
        using (client)
        {
            NetworkStream stream = client.GetStream();
            byte[] request = new byte[4096];
            try
            {
                while (await stream.ReadAsync(request) > 0)
                {
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf"u8.ToArray());
                    await _rest.Task;
                    await stream.WriteAsync("rest"u8.ToArray());
                }
            }
            catch (IOException)
            {
                // The gate has disconnected.
            }
        }
    }
}
