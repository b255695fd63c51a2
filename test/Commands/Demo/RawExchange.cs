using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FastGate.Test.Commands.Demo;

/// <summary>One connection, bytes up, and all that comes down until it ends.</summary>
internal static class RawExchange
{
    /// <summary>The longest that a test waits for one step; only a broken program ever takes so long.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static string Request(string line, string fields = "", string content = "") =>
        $"{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{fields}\r\n{content}";

    public static string Post(string path, string content) =>
        Request($"POST {path}", $"Content-Length: {Encoding.UTF8.GetByteCount(content)}\r\n", content);

    /// <param name="endPoint">Where to.</param>
    /// <param name="parts">What is sent, each part by itself.</param>
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
