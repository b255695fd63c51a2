using System.Net;
using System.Text.Json;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Listening;

/// <summary>
/// Tailscale's status of this machine (ipn/ipnstate: Status), as LocalAPI's <c>status</c> and <c>tailscale status
/// --json</c> print it. Missing values are empty.
/// </summary>
internal sealed record TailscaleStatus
{
    public string Version { get; init; } = "";

    /// <summary><c>Running</c>, <c>NeedsLogin</c>, <c>Stopped</c>, …</summary>
    public string State { get; init; } = "";

    /// <summary>Whether Tailscale has a network interface; without one, it forwards packets itself.</summary>
    public bool HasInterface { get; init; } = true;

    /// <summary>This machine's addresses in the tailnet.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The DNS name, without its final dot.</summary>
    public string Name { get; init; } = "";

    public bool HasMagicDns { get; init; }

    /// <summary>Tailscale's own health warnings.</summary>
    public IReadOnlyList<string> Health { get; init; } = [];

    /// <summary>The state, as far as the gate distinguishes it.</summary>
    public TailscaleState Kind =>
        State switch
        {
            // First: without an interface, no address will appear, whatever else is fixed.
            _ when !HasInterface => TailscaleState.Userspace,
            "NeedsLogin" => TailscaleState.LoggedOut,
            "NeedsMachineAuth" => TailscaleState.AwaitsApproval,
            "Stopped" => TailscaleState.Stopped,
            "NoState" or "Starting" => TailscaleState.Starting,
            "Running" => TailscaleState.Running,
            _ => TailscaleState.Unknown,
        };

    /// <returns>Null if it is not such JSON.</returns>
    public static TailscaleStatus? Parse(string json) => StrictJson.Parse(json, Of);

    /// <returns>Null if it is not such JSON.</returns>
    public static TailscaleStatus? Of(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return null;
        JsonElement self = StrictJson.At(root, "Self");
        JsonElement addresses = StrictJson.At(self, "TailscaleIPs");
        return new TailscaleStatus
        {
            Version = Text(StrictJson.At(root, "Version")).Split('-')[0],
            State = Text(StrictJson.At(root, "BackendState")),
            HasInterface = StrictJson.At(root, "TUN").ValueKind != JsonValueKind.False,
            Addresses =
            [
                .. Texts(addresses.ValueKind == JsonValueKind.Array ? addresses : StrictJson.At(root, "TailscaleIPs"))
                    .Where(text => IPAddress.TryParse(text, out _))
                    .Select(IPAddress.Parse),
            ],
            Name = Text(StrictJson.At(self, "DNSName")).TrimEnd('.'),
            HasMagicDns =
                StrictJson.At(StrictJson.At(root, "CurrentTailnet"), "MagicDNSEnabled").ValueKind == JsonValueKind.True,
            Health = [.. Texts(StrictJson.At(root, "Health"))],
        };
    }

    private static string Text(JsonElement element) => StrictJson.Text(element) ?? "";

    private static IEnumerable<string> Texts(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().Select(Text) : [];
}

/// <summary>Why a Tailscale address may be missing, according to Tailscale's daemon.</summary>
internal enum TailscaleState
{
    /// <summary>No daemon responds at its default socket. It may still run: on a Mac, the app's daemon has no such
    /// socket.</summary>
    Unknown,

    /// <summary>Tailscale runs without an interface, and forwards the tailnet's packets itself.</summary>
    Userspace,

    LoggedOut,

    AwaitsApproval,

    Stopped,

    Starting,

    /// <summary>Tailscale runs and has an interface.</summary>
    Running,
}
