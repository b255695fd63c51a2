using System.Net;
using System.Net.Sockets;

namespace FastGate.Bench.Load;

/// <summary>One who asks the same thing again and again, and keeps what it got until it has been checked.</summary>
internal interface IClient : IDisposable
{
    /// <summary>One request and its whole answer: this is what is timed.</summary>
    void Exchange();

    /// <summary>The last answer had the status and the content that it must have.</summary>
    bool IsRight();
}

/// <summary>A client with one kept-alive connection and blocking calls.</summary>
internal sealed class KeptClient : IClient
{
    // Nothing here takes a second; whoever takes ten has lost the answer.
    private const int TimeoutMilliseconds = 10_000;

    private readonly byte[] _request;
    private readonly byte[] _content;
    private readonly byte[] _answer = new byte[8 * 1024];
    private readonly Socket _socket;
    private int _held;

    /// <param name="endPoint">Where the subject listens.</param>
    /// <param name="request">What is sent, whole.</param>
    /// <param name="content">The content that the answer must have.</param>
    public KeptClient(IPEndPoint endPoint, ReadOnlySpan<byte> request, ReadOnlySpan<byte> content)
    {
        _request = request.ToArray();
        _content = content.ToArray();
        _socket = Connect(endPoint);
    }

    public static Socket Connect(IPEndPoint endPoint)
    {
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = TimeoutMilliseconds,
            SendTimeout = TimeoutMilliseconds,
        };
        socket.Connect(endPoint);
        return socket;
    }

    public void Exchange()
    {
        Send();
        Receive();
    }

    public void Send()
    {
        for (int sent = 0; sent < _request.Length; )
            sent += _socket.Send(_request.AsSpan(sent));
    }

    /// <summary>Takes one whole answer.</summary>
    /// <exception cref="EndOfStreamException">The connection ended before.</exception>
    public void Receive()
    {
        _held = 0;
        int whole = int.MaxValue;
        while (_held < whole)
        {
            int count = _socket.Receive(_answer.AsSpan(_held));
            if (count == 0)
                throw new EndOfStreamException("The connection ended in the middle of an answer.");
            _held += count;
            // Each of those that are measured has its own fields in the head; its content is the same.
            int head = _answer.AsSpan(0, _held).IndexOf("\r\n\r\n"u8);
            if (head >= 0)
                whole = head + 4 + (IsOk ? _content.Length : 0);
        }
    }

    public bool IsRight() =>
        IsOk
        && _answer.AsSpan(0, _held) is var all
        && all.EndsWith(_content)
        && all[..^_content.Length].EndsWith("\r\n\r\n"u8);

    public void Dispose() => _socket.Dispose();

    private bool IsOk => _answer.AsSpan().StartsWith("HTTP/1.1 200 "u8);
}

/// <summary>A client that connects anew for each request: connect, request and answer are timed, closing is
/// not.</summary>
internal sealed class FreshClient(IPEndPoint endPoint, byte[] request, byte[] content) : IClient
{
    private KeptClient? _last;

    public void Exchange()
    {
        _last = new KeptClient(endPoint, request, content);
        _last.Exchange();
    }

    public bool IsRight()
    {
        bool right = _last!.IsRight();
        _last.Dispose();
        return right;
    }

    public void Dispose() => _last?.Dispose();
}
