using System.Net.Sockets;
using System.Text;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The HTTP client of the verbs: .NET's, with a limit on everything that the other side can make grow. A server that
/// never ends a response costs a verb a megabyte, not the machine. Any thread.
/// </summary>
internal static class BoundedHttp
{
    /// <summary>Ollama's longest response to a verb is <c>/api/show</c> of a large model: some 100 kB.</summary>
    public const int ContentBytesMax = 1 << 20;

    /// <summary>A line of a stream; Ollama's have some 150 bytes, one with a tool call some thousand.</summary>
    public const int LineBytesMax = 64 * 1024;

    /// <summary>What is said of a response that is over a limit.</summary>
    public const string TooLong = "the response is too long";

    // Ollama's response heads have some 200 bytes. Trailers are bounded by the same number, chunk lines by .NET's own
    // 16 KiB.
    private const int HeadKilobytesMax = 32;

    /// <param name="handler">What connects; the client owns it.</param>
    /// <param name="timeout">For each request, connecting included; infinite when the caller's tokens have limits of
    /// their own.</param>
    /// <param name="contentBytesMax">Of a response that is read whole.</param>
    public static HttpClient Client(SocketsHttpHandler handler, TimeSpan timeout, int contentBytesMax = ContentBytesMax)
    {
        handler.UseProxy = false;
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.MaxResponseHeadersLength = HeadKilobytesMax;
        return new HttpClient(handler) { Timeout = timeout, MaxResponseContentBufferSize = contentBytesMax };
    }

    /// <summary>The same, by TCP.</summary>
    public static HttpClient Client(TimeSpan timeout) => Client(new SocketsHttpHandler(), timeout);

    /// <summary>The content of a response of which only the head was waited for.</summary>
    /// <exception cref="HttpRequestException">It ended early, or <see cref="IsTooLong"/>.</exception>
    public static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        // HttpClient's own limit holds only for responses that it reads whole itself.
        await content.LoadIntoBufferAsync(ContentBytesMax, cancellationToken);
        return await content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <summary>Whether it was the response's head, a line or the content that was longer than its limit.</summary>
    public static bool IsTooLong(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (
                failure
                is ResponseTooLongException
                    or HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
                    or HttpIOException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
            )
                return true;
        }
        return false;
    }
}

/// <summary>The lines of a stream of UTF-8, each with a limit. One caller at a time.</summary>
/// <param name="stream">Where they come from; whoever made it closes it.</param>
internal sealed class BoundedLines(Stream stream)
{
    private readonly byte[] _buffer = new byte[BoundedHttp.LineBytesMax];
    private int _start;
    private int _end;

    /// <summary>The next line without its end; null when there is none. What follows the last line feed is a
    /// line.</summary>
    /// <exception cref="ResponseTooLongException">It is longer than <see cref="BoundedHttp.LineBytesMax"/>.</exception>
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
            // Reads that are always complete at once would otherwise never look whether they are still wanted.
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

/// <summary>A response has more than a caller is willing to take.</summary>
internal sealed class ResponseTooLongException() : IOException(BoundedHttp.TooLong);

/// <summary>HTTP to a program of this machine that listens on a Unix socket, by .NET's client. Any thread.</summary>
internal static class UnixHttp
{
    /// <summary>A bounded client whose requests all go to one socket, whatever host they name.</summary>
    /// <param name="path">The socket; that it is not there, or refuses, is an <see cref="HttpRequestException"/> of the
    /// request.</param>
    /// <param name="timeout">For each request.</param>
    /// <param name="contentBytesMax">Of a response.</param>
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
                    // The client makes a HttpRequestException of whatever it is.
                    socket.Dispose();
                    throw;
                }
            },
        };
}
