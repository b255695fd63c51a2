using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FastGate.Proxy.Wire;

namespace FastGate.Commands.Demo;

/// <summary>
/// One kept-alive connection that asks and waits. It blocks its thread on purpose: with nothing of .NET's between a
/// call and the socket, the clock around a call measures the other side. One thread at a time.
/// </summary>
internal sealed class DemoClient : IDisposable
{
    // The loopback answers in microseconds and a token comes every 50 ms: what takes this long does not come.
    private const int ReceiveMilliseconds = 5_000;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _length;

    private DemoClient(Socket socket) => _socket = socket;

    /// <summary>All that has come in since the last <see cref="Send"/>.</summary>
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

    /// <summary>A request without content.</summary>
    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    /// <param name="path">The path as it is sent.</param>
    /// <param name="json">The content, in ASCII.</param>
    public static byte[] Post(string path, string json) =>
        Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + $"application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}"
        );

    /// <summary>Sends a request and receives its answer to the end; allocates nothing.</summary>
    /// <exception cref="IOException">The connection ended, or the answer is none or does not come.</exception>
    public DemoAnswer Ask(ReadOnlySpan<byte> request)
    {
        Send(request);
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
        return new DemoAnswer(head.Status, Received[head.HeadLength..]);
    }

    public void Send(ReadOnlySpan<byte> request)
    {
        _length = 0;
        _socket.Send(request, SocketFlags.None, out SocketError error);
        if (error != SocketError.Success)
            throw Broken(error);
    }

    /// <summary>Waits for what comes next.</summary>
    /// <returns>All of <see cref="Received"/>.</returns>
    public ReadOnlySpan<byte> ReceiveMore()
    {
        if (_length == _buffer.Length)
            throw new IOException("The answer is too long.");
        int count = _socket.Receive(_buffer.AsSpan(_length), SocketFlags.None, out SocketError error);
        if (count <= 0)
            throw Broken(error);
        _length += count;
        return Received.Span;
    }

    public void Dispose() => _socket.Dispose();

    private static void Require(ScanResult found)
    {
        if (found == ScanResult.Invalid)
            throw new IOException("The answer was malformed.");
    }

    private static IOException Broken(SocketError error) =>
        new(
            error switch
            {
                SocketError.Success => "The connection ended before the answer did.",
                SocketError.TimedOut or SocketError.WouldBlock => $"No answer came for {ReceiveMilliseconds / 1000} s.",
                _ => $"The connection broke: {error}.",
            }
        );
}

/// <summary>A whole answer; its content is the client's memory, and good until that client asks again.</summary>
internal readonly record struct DemoAnswer(int Status, ReadOnlyMemory<byte> Content)
{
    public string Text => Encoding.UTF8.GetString(Content.Span);

    /// <summary>The sentence of a refusal outside of <c>/v1</c>: <c>{"error":"…"}</c>.</summary>
    public string Sentence()
    {
        using JsonDocument document = JsonDocument.Parse(Content);
        return document.RootElement.GetProperty("error").GetString() ?? "";
    }
}
