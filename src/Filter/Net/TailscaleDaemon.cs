using System.Text.Json;
using FastGate.Transport;

namespace FastGate.Net;

/// <summary>
/// Tailscale's daemon on this machine, asked over its socket how it is; whoever may see the machine's tailnet may ask. Only
/// for telling people why there is no address: addresses themselves are read from the interfaces. Any thread.
/// </summary>
/// <param name="sockets">The paths where the daemon may listen; the first that is there is asked.</param>
internal sealed class TailscaleDaemon(IReadOnlyList<string> sockets)
{
    // Without the list of peers, which may be long; an empty Host would do as well, others are refused (ipn/localapi).
    private const string Status = "http://local-tailscaled.sock/localapi/v0/status?peers=false";

    // A daemon on the same machine answers in a millisecond; one that hangs must not hold up the next look.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Tailscale's paths.DefaultTailscaledSocket: Linux, macOS without the app, Synology, QNAP.</summary>
    public static TailscaleDaemon Usual { get; } = new(
    [
        "/var/run/tailscale/tailscaled.sock", "/var/run/tailscaled.socket",
        "/var/packages/Tailscale/var/tailscaled.sock", "/tmp/tailscale/tailscaled.sock",
    ]);

    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public async Task<TailscaleState> AskAsync(CancellationToken stopping)
    {
        if (sockets.FirstOrDefault(File.Exists) is not { } path) return TailscaleState.Unknown;
        using HttpClient client = UnixHttp.ClientTo(path, Patience);
        try
        {
            using JsonDocument status = JsonDocument.Parse(await client.GetByteArrayAsync(Status, stopping));
            return StateOf(status.RootElement);
        }
        catch (Exception silence) when (silence is HttpRequestException or IOException or JsonException
            || (silence is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            // A socket that its daemon left behind, no right to ask, or another program: nothing is known.
            return TailscaleState.Unknown;
        }
    }

    /// <summary>What a status says (ipn/ipnstate: Status); fields that are not there say nothing.</summary>
    internal static TailscaleState StateOf(JsonElement status)
    {
        if (status.ValueKind != JsonValueKind.Object) return TailscaleState.Unknown;
        // First: whatever else is mended, no address will come.
        if (status.TryGetProperty("TUN", out JsonElement tun) && tun.ValueKind == JsonValueKind.False) return TailscaleState.Userspace;
        if (!status.TryGetProperty("BackendState", out JsonElement state) || state.ValueKind != JsonValueKind.String)
            return TailscaleState.Unknown;
        return state.GetString() switch
        {
            "NeedsLogin" => TailscaleState.LoggedOut,
            "NeedsMachineAuth" => TailscaleState.AwaitsApproval,
            "Stopped" => TailscaleState.Stopped,
            "NoState" or "Starting" => TailscaleState.Starting,
            "Running" => TailscaleState.Running,
            _ => TailscaleState.Unknown,
        };
    }
}
