using System.Net;
using System.Text.Json;

namespace FastGate.Proxy.Listening;

/// <summary>
/// What Tailscale says of this machine (ipn/ipnstate: Status), as LocalAPI's <c>status</c> and <c>tailscale status
/// --json</c> give it. What is missing is empty.
/// </summary>
internal sealed record TailscaleStatus
{
    public string Version { get; init; } = "";

    /// <summary><c>Running</c>, <c>NeedsLogin</c>, <c>Stopped</c>, …</summary>
    public string State { get; init; } = "";

    /// <summary>It has a network interface; without one it passes packets on itself.</summary>
    public bool HasInterface { get; init; } = true;

    /// <summary>This machine's addresses in the tailnet.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Without its final dot.</summary>
    public string Name { get; init; } = "";

    public bool HasMagicDns { get; init; }

    /// <summary>What Tailscale itself complains of.</summary>
    public IReadOnlyList<string> Health { get; init; } = [];

    /// <summary>The same as one of the states that the gate tells apart.</summary>
    public TailscaleState Kind =>
        State switch
        {
            // First: whatever else is mended, no address will come.
            _ when !HasInterface => TailscaleState.Userspace,
            "NeedsLogin" => TailscaleState.LoggedOut,
            "NeedsMachineAuth" => TailscaleState.AwaitsApproval,
            "Stopped" => TailscaleState.Stopped,
            "NoState" or "Starting" => TailscaleState.Starting,
            "Running" => TailscaleState.Running,
            _ => TailscaleState.Unknown,
        };

    /// <returns>Null if it is no such JSON.</returns>
    public static TailscaleStatus? Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Of(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Such as the error text of a program that could not ask, with exit code 0; or text that is not Unicode.
            return null;
        }
    }

    /// <returns>Null if it is no such JSON.</returns>
    public static TailscaleStatus? Of(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return null;
        JsonElement self = At(root, "Self");
        JsonElement addresses = At(self, "TailscaleIPs");
        return new TailscaleStatus
        {
            Version = Text(At(root, "Version")).Split('-')[0],
            State = Text(At(root, "BackendState")),
            HasInterface = At(root, "TUN").ValueKind != JsonValueKind.False,
            Addresses =
            [
                .. Texts(addresses.ValueKind == JsonValueKind.Array ? addresses : At(root, "TailscaleIPs"))
                    .Where(each => IPAddress.TryParse(each, out _))
                    .Select(IPAddress.Parse),
            ],
            Name = Text(At(self, "DNSName")).TrimEnd('.'),
            HasMagicDns = At(At(root, "CurrentTailnet"), "MagicDNSEnabled").ValueKind == JsonValueKind.True,
            Health = [.. Texts(At(root, "Health"))],
        };
    }

    private static JsonElement At(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member)
            ? member
            : default;

    private static string Text(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : "";

    private static IEnumerable<string> Texts(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().Select(Text) : [];
}
