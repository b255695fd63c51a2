using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The HTTP client of the verbs: .NET's, with a limit on everything that a server can make grow. A response that never
/// ends costs a verb a megabyte, not all memory. Any thread.
/// </summary>
internal static class BoundedHttp
{
    /// <summary>The largest response that a verb reads whole. Ollama's longest is <c>/api/show</c> of a large model:
    /// some 100 kB.</summary>
    public const int ContentBytesMax = 1 << 20;

    /// <summary>The longest line of a stream. Ollama's have some 150 bytes, one with a tool call some
    /// thousand.</summary>
    public const int LineBytesMax = 64 * 1024;

    /// <summary>The error for a response over a limit.</summary>
    public const string TooLong = "the response is too long";

    // Ollama's response heads have some 200 bytes. The same limit applies to trailers; .NET limits chunk lines to 16
    // KiB.
    private const int HeadKilobytesMax = 32;

    /// <param name="handler">Makes the connections; the client owns it.</param>
    /// <param name="timeout">The timeout of each request, including the connect; infinite if the caller's tokens have
    /// their own.</param>
    /// <param name="contentBytesMax">The largest response that is read whole.</param>
    public static HttpClient Client(SocketsHttpHandler handler, TimeSpan timeout, int contentBytesMax = ContentBytesMax)
    {
        handler.UseProxy = false;
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.MaxResponseHeadersLength = HeadKilobytesMax;
        handler.ConnectCallback ??= (context, cancellationToken) =>
            ConnectAsync(
                new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
                context.DnsEndPoint,
                cancellationToken
            );
        return new HttpClient(handler) { Timeout = timeout, MaxResponseContentBufferSize = contentBytesMax };
    }

    /// <summary>A client that connects by TCP.</summary>
    /// <param name="timeout">The timeout of each request.</param>
    /// <param name="connected">Returns what is called for each new connection; null for nothing.</param>
    public static HttpClient Client(TimeSpan timeout, Func<ConnectionNotice?>? connected = null) =>
        Client(
            new SocketsHttpHandler
            {
                ConnectCallback = async (context, cancellationToken) =>
                {
                    Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    Stream stream = await ConnectAsync(socket, context.DnsEndPoint, cancellationToken);
                    try
                    {
                        await DialResult.NotifyAsync(socket, connected?.Invoke(), cancellationToken);
                        return stream;
                    }
                    catch
                    {
                        // The request was canceled.
                        await stream.DisposeAsync();
                        throw;
                    }
                },
            },
            timeout
        );

    /// <summary>
    /// Connects as .NET's handler does, but refuses a connection to itself: without a server on a port that the system
    /// also gives to clients, TCP can connect a socket to its own port. The verb would read back its own request, and
    /// would hold the port that Ollama needs.
    /// </summary>
    /// <param name="socket">Not connected; this method owns it.</param>
    /// <param name="to">A name or an address, and a port.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SocketException">The connection failed, or would have been one to itself.</exception>
    internal static async ValueTask<Stream> ConnectAsync(
        Socket socket,
        DnsEndPoint to,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await socket.ConnectAsync(to, cancellationToken);
            if (socket.RemoteEndPoint is IPEndPoint peer && SocketTuning.IsOwnPeer(socket, peer))
            {
                // A reset leaves no TIME_WAIT, which would keep the port busy.
                socket.LingerState = new LingerOption(true, 0);
                throw new SocketException((int)SocketError.ConnectionRefused);
            }
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            // HttpClient wraps the exception in an HttpRequestException.
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Reads the content of a response whose head has arrived.</summary>
    /// <exception cref="HttpRequestException">The response ended early or is too long
    /// (<see cref="IsTooLong"/>).</exception>
    public static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        // HttpClient's own limit applies only to responses that it reads whole itself.
        await content.LoadIntoBufferAsync(ContentBytesMax, cancellationToken);
        return await content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <summary>Whether the exception means that the response's head, a line or the content exceeded its
    /// limit.</summary>
    public static bool IsTooLong(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (
                exception
                is ResponseTooLongException
                    or HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
                    or HttpIOException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
            )
                return true;
        }
        return false;
    }
}

/// <summary>Reads the lines of a UTF-8 stream, each up to a limit. One caller at a time.</summary>
/// <param name="stream">The stream; the caller closes it.</param>
internal sealed class BoundedLines(Stream stream)
{
    private readonly byte[] _buffer = new byte[BoundedHttp.LineBytesMax];
    private int _start;
    private int _end;

    /// <summary>Reads the next line, without its line end; null at the end. Text after the last line feed is a
    /// line.</summary>
    /// <exception cref="ResponseTooLongException">The line is longer than
    /// <see cref="BoundedHttp.LineBytesMax"/>.</exception>
    public async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        int seen = _start;
        while (true)
        {
            int feed = _buffer.AsSpan(seen, _end - seen).IndexOf((byte)'\n');
            if (feed >= 0)
                return Take(seen + feed, seen + feed + 1);
            seen = _end;
            if (_end == _buffer.Length)
            {
                if (_start == 0)
                    throw new ResponseTooLongException();
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end, seen) = (0, _end - _start, seen - _start);
            }
            // A stream whose reads always complete synchronously would otherwise never check the token.
            cancellationToken.ThrowIfCancellationRequested();
            int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (count == 0)
                return _start == _end ? null : Take(_end, _end);
            _end += count;
        }
    }

    private string Take(int lineEnd, int next)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, lineEnd - _start);
        _start = next;
        return Encoding.UTF8.GetString(line is [.., (byte)'\r'] ? line[..^1] : line);
    }
}

/// <summary>A response is longer than its limit.</summary>
internal sealed class ResponseTooLongException() : IOException(BoundedHttp.TooLong);

/// <summary>HTTP to a program that listens on a Unix socket, by .NET's client. Any thread.</summary>
internal static class UnixHttp
{
    /// <summary>Creates a bounded client whose requests all go to one socket, whatever host they name.</summary>
    /// <param name="path">The socket. If it is missing or refuses, the request throws
    /// <see cref="HttpRequestException"/>.</param>
    /// <param name="timeout">The timeout of each request.</param>
    /// <param name="contentBytesMax">The largest response that is read whole.</param>
    public static HttpClient ClientTo(
        string path,
        TimeSpan timeout,
        int contentBytesMax = BoundedHttp.ContentBytesMax
    ) => BoundedHttp.Client(HandlerTo(path), timeout, contentBytesMax);

    private static SocketsHttpHandler HandlerTo(string path) =>
        new()
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    // HttpClient wraps any exception in an HttpRequestException.
                    socket.Dispose();
                    throw;
                }
            },
        };
}
