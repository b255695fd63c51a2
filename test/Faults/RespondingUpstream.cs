using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>
/// An upstream that responds to each GET with a complete response and to each POST with a stream of chunks, on any
/// number of connections; a broken connection only ends itself.
/// </summary>
internal sealed class RespondingUpstream : IDisposable
{
    public const string Greeting = "hello";
    public static readonly string[] Tokens = ["one ", "two ", "three"];

    private readonly Socket _listener;

    /// <param name="port">0 to let the system choose.</param>
    public RespondingUpstream(int port = 0)
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen();
        Endpoint = (IPEndPoint)_listener.LocalEndPoint!;
        _ = AcceptedConnections.ServeAsync(_listener, ServeAsync);
    }

    public IPEndPoint Endpoint { get; }

    public void Dispose() => _listener.Dispose();

    private static async Task ServeAsync(Socket socket)
    {
        using RawConnection connection = new(socket);
        socket.NoDelay = true;
        try
        {
            // Ready connections may stay unused for any length of time.
            while (await socket.ReceiveAsync(Memory<byte>.Empty) == 0 && socket.Available > 0)
                await RespondAsync(connection);
        }
        catch (Exception exception) when (exception is SocketException or EndOfStreamException)
        {
            // The gate closed this connection.
        }
    }

    private static async Task RespondAsync(RawConnection connection)
    {
        string head = Encoding.Latin1.GetString(await connection.ReadThroughAsync("\r\n\r\n"u8.ToArray()));
        if (head.StartsWith("GET ", StringComparison.Ordinal))
        {
            await SendTextAsync(connection, $"HTTP/1.1 200 OK\r\nContent-Length: {Greeting.Length}\r\n\r\n{Greeting}");
            return;
        }
        await connection.ReadThroughAsync("0\r\n\r\n"u8.ToArray());
        await SendTextAsync(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        foreach (string token in Tokens)
            await SendTextAsync(connection, $"{token.Length:x}\r\n{token}\r\n");
        await SendTextAsync(connection, "0\r\n\r\n");
    }

    private static Task SendTextAsync(RawConnection connection, string latin1) =>
        connection.SendAsync(Encoding.Latin1.GetBytes(latin1));
}
