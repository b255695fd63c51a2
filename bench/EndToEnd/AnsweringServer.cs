using System.Net;
using System.Net.Sockets;

namespace FastGate.Bench.EndToEnd;

/// <summary>
/// The least that can stand in for Ollama: one blocking thread a connection, one fixed answer to each head. Writes its
/// port to standard output and ends with standard input.
/// </summary>
internal static class AnsweringServer
{
    /// <summary>What <c>GET /api/version</c> is answered with: Ollama's fields, 20 bytes of content.</summary>
    public static ReadOnlySpan<byte> Answer =>
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 20\r\n\r\n{\"version\":\"0.30.0\"}"u8;

    public static int Run()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        new Thread(() => Accept(listener)) { IsBackground = true }.Start();
        while (Console.In.Read() >= 0)
        {
            // Whoever started it is still there.
        }
        return 0;
    }

    private static void Accept(Socket listener)
    {
        while (true)
        {
            Socket socket = listener.Accept();
            socket.NoDelay = true;
            new Thread(() => Serve(socket)) { IsBackground = true }.Start();
        }
    }

    private static void Serve(Socket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        int held = 0;
        using (socket)
        {
            while (socket.Receive(buffer.AsSpan(held), SocketFlags.None, out _) is > 0 and int count)
            {
                held += count;
                if (!buffer.AsSpan(0, held).EndsWith("\r\n\r\n"u8)) continue;
                held = 0;
                socket.Send(Answer, SocketFlags.None, out _);
            }
        }
    }
}
