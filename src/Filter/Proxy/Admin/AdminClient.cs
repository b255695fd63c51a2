using System.Net;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Admin;

/// <summary>Requests the status of a running gate over its Unix socket, and announces probes to it. Any thread may call
/// it.</summary>
/// <param name="path">The socket's path.</param>
internal sealed class AdminClient(string path) : IDisposable
{
    // The gate takes a millisecond; a machine that swaps may take longer.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    // The status lists every rule with its count; the 30,000 rules that fit into a config take about 4 MB.
    private const int StatusBytesMax = 8 << 20;

    private static readonly Uri Status = new("http://localhost/status.json");

    private static readonly Uri History = new("http://localhost/history.json");

    private readonly HttpClient _client = UnixHttp.ClientTo(path, Timeout, StatusBytesMax);

    /// <summary>Announces a connection of <c>doctor</c> or <c>install</c> to the gate.</summary>
    /// <param name="local">The address and port of this side.</param>
    /// <param name="remote">Those of the gate.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public async Task<ProbeAnnouncement> AnnounceProbeAsync(
        IPEndPoint local,
        IPEndPoint remote,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using HttpResponseMessage response = await _client.PostAsync(
                ProbePath.Of(local, remote),
                null,
                cancellationToken
            );
            return response.IsSuccessStatusCode ? ProbeAnnouncement.Accepted : ProbeAnnouncement.Rejected;
        }
        catch (HttpRequestException)
        {
            // No gate yet, or one without a socket.
            return ProbeAnnouncement.NoGate;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ProbeAnnouncement.Rejected;
        }
    }

    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public async Task<AdminResponse> GetStatusAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return new AdminResponse(AdminOutcome.NoSocket);
        try
        {
            byte[] json = await _client.GetByteArrayAsync(Status, cancellationToken);
            return SnapshotJson.TryRead(json) is { } snapshot
                ? new AdminResponse(AdminOutcome.Success, snapshot, json)
                : new AdminResponse(AdminOutcome.InvalidResponse);
        }
        catch (HttpRequestException exception)
        {
            // Connection refused is the socket of a gate that has ended.
            return new AdminResponse(
                exception.HttpRequestError == HttpRequestError.ConnectionError
                    ? AdminOutcome.NotListening
                    : AdminOutcome.InvalidResponse
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new AdminResponse(AdminOutcome.TimedOut);
        }
    }

    /// <summary>Requests the last hour; null if the gate does not respond with one.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public async Task<HistorySnapshot?> GetHistoryAsync(CancellationToken cancellationToken)
    {
        try
        {
            return SnapshotJson.TryReadHistory(await _client.GetByteArrayAsync(History, cancellationToken));
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>The outcome of a status request.</summary>
internal enum AdminOutcome
{
    Success,

    /// <summary>The socket does not exist: no gate is running, or its socket is off.</summary>
    NoSocket,

    /// <summary>No process listens on the socket, or it belongs to another user.</summary>
    NotListening,

    /// <summary>The gate accepted the connection, but did not respond in time.</summary>
    TimedOut,

    /// <summary>The response is not a status that this version can read.</summary>
    InvalidResponse,
}

/// <summary>The result of a status request.</summary>
/// <param name="Outcome">Success, or why the status is missing.</param>
/// <param name="Snapshot">The status; null unless successful.</param>
/// <param name="Json">The same as received; null unless successful.</param>
internal sealed record AdminResponse(AdminOutcome Outcome, GateSnapshot? Snapshot = null, byte[]? Json = null);
