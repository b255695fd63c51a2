using FastGate.Proxy.Metrics;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Admin;

/// <summary>Asks a running gate for its numbers, by its socket. Any thread.</summary>
/// <param name="path">The socket.</param>
internal sealed class ScrapeClient(string path) : IDisposable
{
    // The gate takes a millisecond; a machine that swaps may take longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // Each rule is told with its count: the 30 000 that fit into a config make some 4 MB.
    private const int StatusBytesMax = 8 << 20;

    private static readonly Uri Status = new("http://localhost/status.json");

    private readonly HttpClient client = UnixHttp.ClientTo(path, Patience, StatusBytesMax);

    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public async Task<ScrapeAnswer> AskAsync(CancellationToken stopping)
    {
        if (!File.Exists(path)) return new ScrapeAnswer(ScrapeOutcome.NoSocket);
        try
        {
            byte[] json = await client.GetByteArrayAsync(Status, stopping);
            return SnapshotJson.TryRead(json) is { } snapshot
                ? new ScrapeAnswer(ScrapeOutcome.Answered, snapshot, json) : new ScrapeAnswer(ScrapeOutcome.NotUnderstood);
        }
        catch (HttpRequestException silence)
        {
            // Connection refused is a socket whose gate has died; anything else is a gate that cannot be asked.
            return new ScrapeAnswer(silence.HttpRequestError == HttpRequestError.ConnectionError ? ScrapeOutcome.Dead : ScrapeOutcome.NotUnderstood);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // It has the socket, but no time for it.
            return new ScrapeAnswer(ScrapeOutcome.Silent);
        }
    }

    public void Dispose() => client.Dispose();
}
