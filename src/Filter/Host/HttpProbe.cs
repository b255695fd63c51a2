using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FastGate.Proxy.Transport;

namespace FastGate.Host;

/// <summary>Probes over one kept-alive connection an endpoint, as clients do.</summary>
internal sealed class HttpProbe : IProbe, IDisposable
{
    // Nothing that is asked here waits for a model.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client = BoundedHttp.Client(Longest);

    public async Task<ProbeAnswer?> AskAsync(IPEndPoint endPoint, string method, string path)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            using HttpRequestMessage request = new(new HttpMethod(method), new Uri($"http://{endPoint}{path}"));
            using HttpResponseMessage response = await _client.SendAsync(request);
            // Not as a string: that throws for a charset that .NET does not know.
            string content = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync());
            return new ProbeAnswer((int)response.StatusCode, content, Stopwatch.GetElapsedTime(start))
            {
                Server = response.Headers.NonValidated.TryGetValues("Server", out HeaderStringValues server)
                    ? server.ToString()
                    : "",
            };
        }
        catch (HttpRequestException endless) when (BoundedHttp.IsTooLong(endless))
        {
            // Somebody answers, but nothing that is looked for here.
            return new ProbeAnswer(0, "", Stopwatch.GetElapsedTime(start)) { IsTooLong = true };
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
        {
            // Refused, unreachable, no HTTP, or too slow: nobody answers there.
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
