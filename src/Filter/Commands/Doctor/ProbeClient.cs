using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Doctor;

/// <summary>Asks over HTTP as clients do: kept-alive connections, whole answers or streams. Any thread.</summary>
internal sealed class ProbeClient : IDisposable
{
    // Each check has its own limit of time.
    private readonly HttpClient _client = BoundedHttp.Client(Timeout.InfiniteTimeSpan);

    /// <param name="door">Whom.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, in a plain spelling.</param>
    /// <param name="json">The content; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<ProbeResponse> AskAsync(
        DoctorTarget door,
        string method,
        string path,
        string? json,
        CancellationToken cancellationToken
    )
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            using HttpRequestMessage request = Request(door, method, path, json);
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
        catch (Exception silent) when (silent is HttpRequestException or IOException)
        {
            return Silence(silent, start);
        }
    }

    /// <summary>The same for an answer that comes in pieces.</summary>
    public async Task<ProbeStream> StreamAsync(
        DoctorTarget door,
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
            using HttpRequestMessage request = Request(door, "POST", path, json);
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
        catch (Exception silent) when (silent is HttpRequestException or IOException)
        {
            return new ProbeStream(Silence(silent, start), reader.Events);
        }
    }

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Request(DoctorTarget door, string method, string path, string? json)
    {
        HttpRequestMessage request = new(new HttpMethod(method), new Uri($"http://{door.EndPoint}{path}"));
        request.Headers.Host = door.Host;
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
        new()
        {
            Status = (int)response.StatusCode,
            ContentType = response.Content.Headers.ContentType?.MediaType ?? "",
            Server = response.Headers.NonValidated.TryGetValues("Server", out HeaderStringValues server)
                ? server.ToString()
                : "",
        };

    private static ProbeResponse Silence(Exception silent, long start) =>
        new()
        {
            IsTaken = silent is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError },
            Problem = BoundedHttp.IsTooLong(silent)
                ? BoundedHttp.TooLong
                : (silent.InnerException ?? silent).Message.TrimEnd('.'),
            Took = Stopwatch.GetElapsedTime(start),
        };
}
