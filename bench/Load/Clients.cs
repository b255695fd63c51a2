using System.Net;
using System.Net.Sockets;

namespace FastGate.Bench.Load;

/// <summary>A client that repeats one request, and keeps the response until it has been checked.</summary>
internal interface IClient : IDisposable
{
    /// <summary>Sends one request and receives the whole response; this is what is timed.</summary>
    void Exchange();

    /// <summary>Whether the last response had the expected status and content.</summary>
    bool IsRight();
}

/// <summary>A client with one kept-alive connection and blocking calls.</summary>
internal sealed class KeepAliveClient : IClient
{
    // Nothing here takes a second; after ten the response is lost.
    private const int TimeoutMilliseconds = 10_000;

    private readonly byte[] _request;
    private readonly byte[] _content;
    private readonly byte[] _response = new byte[8 * 1024];
    private readonly Socket _socket;
    private int _held;

    /// <param name="endPoint">Address of the subject.</param>
    /// <param name="request">The whole request.</param>
    /// <param name="content">The expected content of the response.</param>
    public KeepAliveClient(IPEndPoint endPoint, ReadOnlySpan<byte> request, ReadOnlySpan<byte> content)
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

    /// <summary>Receives one whole response.</summary>
    /// <exception cref="EndOfStreamException">The connection closed early.</exception>
    public void Receive()
    {
        _held = 0;
        int whole = int.MaxValue;
        while (_held < whole)
        {
            int count = _socket.Receive(_response.AsSpan(_held));
            if (count == 0)
                throw new EndOfStreamException("The connection closed in the middle of a response.");
            _held += count;
            // Each subject adds its own fields to the head; the content is the same.
            int head = _response.AsSpan(0, _held).IndexOf("\r\n\r\n"u8);
            if (head >= 0)
                whole = head + 4 + (IsOk ? _content.Length : 0);
        }
    }

    public bool IsRight() =>
        IsOk
        && _response.AsSpan(0, _held) is var all
        && all.EndsWith(_content)
        && all[..^_content.Length].EndsWith("\r\n\r\n"u8);

    public void Dispose() => _socket.Dispose();

    private bool IsOk => _response.AsSpan().StartsWith("HTTP/1.1 200 "u8);
}

/// <summary>A client with a new connection for each request: connect, request and response are timed, closing is
/// not.</summary>
internal sealed class FreshClient(IPEndPoint endPoint, byte[] request, byte[] content) : IClient
{
    private KeepAliveClient? _last;

    public void Exchange()
    {
        _last = new KeepAliveClient(endPoint, request, content);
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
