using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using FastGate.Proxy.Transport;

namespace FastGate.Host;

/// <summary>Sends probes with .NET's HTTP client, one kept-alive connection per endpoint, and raw ones on sockets. Any
/// thread.</summary>
internal sealed class HttpProbe : IProbe, IDisposable
{
    private readonly HttpClient _client;

    // The callers' tokens limit the time.
    public HttpProbe() => _client = BoundedHttp.Client(Timeout.InfiniteTimeSpan, () => Connected);

    public ConnectionNotice? Connected { get; set; }

    public async Task<ProbeResponse> SendAsync(
        ProbeTarget target,
        string method,
        string path,
        string? json,
        CancellationToken cancellationToken
    )
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            using HttpRequestMessage request = Request(target, method, path, json);
            using HttpResponseMessage response = await _client.SendAsync(
                request,
                HttpCompletionOption.ResponseContentRead,
                cancellationToken
            );
            return Head(response) with
            {
                // Not as a string: that throws for a charset that .NET does not know.
                Content = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)),
                Took = Stopwatch.GetElapsedTime(start),
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Failure(exception, start);
        }
    }

    public async Task<ProbeStream> StreamAsync(
        ProbeTarget target,
        string path,
        string json,
        CancellationToken cancellationToken
    )
    {
        long start = Stopwatch.GetTimestamp();
        EventReader reader = new();
        StringBuilder whole = new();
        try
        {
            using HttpRequestMessage request = Request(target, "POST", path, json);
            using HttpResponseMessage response = await _client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            await using Stream content = await response.Content.ReadAsStreamAsync(cancellationToken);
            byte[] buffer = new byte[64 * 1024];
            int total = 0;
            while (await content.ReadAsync(buffer, cancellationToken) is var count and > 0)
            {
                if ((total += count) > BoundedHttp.ContentBytesMax)
                    throw new ResponseTooLongException();
                reader.Add(buffer.AsSpan(0, count), Stopwatch.GetElapsedTime(start));
                whole.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
            return new ProbeStream(
                Head(response) with
                {
                    Content = whole.ToString(),
                    Took = Stopwatch.GetElapsedTime(start),
                },
                reader.Events
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new ProbeStream(Failure(exception, start), reader.Events);
        }
    }

    public Task<ProbeResponse> SendRawAsync(ProbeTarget target, string bytes, CancellationToken cancellationToken) =>
        RawProbe.SendAsync(target, bytes, Connected, cancellationToken);

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Request(ProbeTarget target, string method, string path, string? json)
    {
        HttpRequestMessage request = new(new HttpMethod(method), new Uri($"http://{target.EndPoint}{path}"));
        request.Headers.Host = target.Host;
        if (path.StartsWith("/v1/messages", StringComparison.Ordinal))
        {
            request.Headers.Add("x-api-key", "ollama");
            request.Headers.Add("anthropic-version", "2023-06-01");
        }
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return request;
    }

    private static ProbeResponse Head(HttpResponseMessage response) =>
        new((int)response.StatusCode)
        {
            ContentType = response.Content.Headers.ContentType?.MediaType ?? "",
            Server = response.Headers.NonValidated.TryGetValues("Server", out HeaderStringValues server)
                ? server.ToString()
                : "",
        };

    private static ProbeResponse Failure(Exception exception, long start) =>
        new(Took: Stopwatch.GetElapsedTime(start))
        {
            IsAccepted = exception is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError },
            Problem = BoundedHttp.IsTooLong(exception)
                ? BoundedHttp.TooLong
                : (exception.InnerException ?? exception).Message.TrimEnd('.'),
        };
}
