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
