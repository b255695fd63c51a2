using FastGate.Proxy.Metrics;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Admin;

/// <summary>Asks a running gate for its numbers, by its socket. Any thread.</summary>
/// <param name="path">The socket.</param>
internal sealed class AdminClient(string path) : IDisposable
{
    // The gate takes a millisecond; a machine that swaps may take longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // Each rule is told with its count: the 30 000 that fit into a config make some 4 MB.
    private const int StatusBytesMax = 8 << 20;

    private static readonly Uri Status = new("http://localhost/status.json");

    private readonly HttpClient _client = UnixHttp.ClientTo(path, Patience, StatusBytesMax);

    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public async Task<AdminResponse> AskAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return new AdminResponse(AdminOutcome.NoSocket);
        try
        {
            byte[] json = await _client.GetByteArrayAsync(Status, cancellationToken);
            return SnapshotJson.TryRead(json) is { } snapshot
                ? new AdminResponse(AdminOutcome.Answered, snapshot, json)
                : new AdminResponse(AdminOutcome.NotUnderstood);
        }
        catch (HttpRequestException silence)
        {
            // Connection refused is a socket whose gate has died; anything else is a gate that cannot be asked.
            return new AdminResponse(
                silence.HttpRequestError == HttpRequestError.ConnectionError
                    ? AdminOutcome.Dead
                    : AdminOutcome.NotUnderstood
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It has the socket, but no time for it.
            return new AdminResponse(AdminOutcome.Silent);
        }
    }

    public void Dispose() => _client.Dispose();
}
