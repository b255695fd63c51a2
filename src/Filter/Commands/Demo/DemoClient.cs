using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FastGate.Proxy.Wire;

namespace FastGate.Commands.Demo;

/// <summary>
/// A client with one kept-alive connection. It blocks its thread on purpose: with no .NET machinery between a call and
/// the socket, the time of a call is the time of the other side. One thread at a time.
/// </summary>
internal sealed class DemoClient : IDisposable
{
    // Loopback takes microseconds and a token 50 ms: a response that takes this long is lost.
    private const int ReceiveMilliseconds = 5_000;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _length;

    private DemoClient(Socket socket) => _socket = socket;

    /// <summary>All bytes received since the last request.</summary>
    public ReadOnlyMemory<byte> Received => _buffer.AsMemory(0, _length);

    public static DemoClient Connect(IPEndPoint endPoint)
    {
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = ReceiveMilliseconds,
        };
        socket.Connect(endPoint);
        return new DemoClient(socket);
    }

    /// <summary>Builds a request without content.</summary>
    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    /// <summary>Builds a request with JSON content.</summary>
    /// <param name="path">The path as it is sent.</param>
    /// <param name="json">The content, in ASCII.</param>
    public static byte[] Post(string path, string json) =>
        Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + $"application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}"
        );

    /// <summary>Sends a request and receives the whole response; allocates nothing.</summary>
    /// <exception cref="IOException">The connection failed, or the response is malformed or late.</exception>
    public DemoResponse Send(ReadOnlySpan<byte> request)
    {
        Begin(request);
        ResponseHead head = default;
        while (head.HeadLength == 0)
            Require(ResponseHeadScanner.Scan(ReceiveMore(), ref head));

        ContentScanner content = ContentScanner.For(in head, headRequest: false);
        int seen = head.HeadLength;
        while (!content.Done)
        {
            if (seen == _length)
                ReceiveMore();
            Require(content.Take(Received.Span[seen..], out int taken));
            seen += taken;
        }
        return new DemoResponse(head.Status, Received[head.HeadLength..]);
    }

    /// <summary>Sends a request; <see cref="ReceiveMore"/> reads the response.</summary>
    public void Begin(ReadOnlySpan<byte> request)
    {
        _length = 0;
        _socket.Send(request, SocketFlags.None, out SocketError error);
        if (error != SocketError.Success)
            throw Failed(error);
    }

    /// <summary>Waits for more bytes of the response.</summary>
    /// <returns>All of <see cref="Received"/>.</returns>
    public ReadOnlySpan<byte> ReceiveMore()
    {
        if (_length == _buffer.Length)
            throw new IOException("The response is too long.");
        int count = _socket.Receive(_buffer.AsSpan(_length), SocketFlags.None, out SocketError error);
        if (count <= 0)
            throw Failed(error);
        _length += count;
        return Received.Span;
    }

    public void Dispose() => _socket.Dispose();

    private static void Require(ScanResult found)
    {
        if (found == ScanResult.Invalid)
            throw new IOException("The response is malformed.");
    }

    private static IOException Failed(SocketError error) =>
        new(
            error switch
            {
                SocketError.Success => "The connection closed before the response was complete.",
                SocketError.TimedOut or SocketError.WouldBlock => $"No response within {ReceiveMilliseconds / 1000} s.",
                _ => $"The connection failed: {error}.",
            }
        );
}

/// <summary>A whole response; its content is the client's buffer, valid until that client's next request.</summary>
internal readonly record struct DemoResponse(int Status, ReadOnlyMemory<byte> Content)
{
    public string Text => Encoding.UTF8.GetString(Content.Span);

    /// <summary>Reads the message of a refusal outside <c>/v1</c>: <c>{"error":"…"}</c>.</summary>
    public string ErrorMessage()
    {
        using JsonDocument document = JsonDocument.Parse(Content);
        return document.RootElement.GetProperty("error").GetString() ?? "";
    }
}
