using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FastGate.Test.Commands.Demo;

/// <summary>Sends bytes over one connection and returns everything received until it closes.</summary>
internal static class RawExchange
{
    /// <summary>Timeout of one step of a test; only a broken program takes this long.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static string Request(string line, string fields = "", string content = "") =>
        $"{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{fields}\r\n{content}";

    public static string Post(string path, string content) =>
        Request($"POST {path}", $"Content-Length: {Encoding.UTF8.GetByteCount(content)}\r\n", content);

    /// <param name="endPoint">The server.</param>
    /// <param name="parts">The parts to send, each in its own write.</param>
    public static async Task<string> SendAsync(IPEndPoint endPoint, params string[] parts)
    {
        using TcpClient client = new() { NoDelay = true };
        await client.ConnectAsync(endPoint).WaitAsync(Deadline);
        NetworkStream stream = client.GetStream();
        foreach (string part in parts)
            await stream.WriteAsync(Encoding.UTF8.GetBytes(part)).AsTask().WaitAsync(Deadline);
        using StreamReader reader = new(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync().WaitAsync(Deadline);
    }
}
