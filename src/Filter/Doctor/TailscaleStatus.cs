using System.Net;
using System.Text.Json;

namespace FastGate.Doctor;

/// <summary>What <c>tailscale status --json</c> says of this machine (ipn/ipnstate: Status); what is not said is empty.</summary>
internal sealed record TailscaleStatus
{
    public string Version { get; init; } = "";

    /// <summary><c>Running</c>, <c>NeedsLogin</c>, <c>Stopped</c>, …</summary>
    public string State { get; init; } = "";

    /// <summary>It has a network interface; without one it passes packets on itself.</summary>
    public bool HasInterface { get; init; } = true;

    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Without its final dot.</summary>
    public string Name { get; init; } = "";

    public bool HasMagicDns { get; init; }

    /// <summary>What Tailscale itself complains of.</summary>
    public IReadOnlyList<string> Health { get; init; } = [];

    /// <returns>Null if it is no such JSON.</returns>
    public static TailscaleStatus? Parse(string text)
    {
        JsonElement root = new Heard { Content = text }.Json;
        if (root.ValueKind != JsonValueKind.Object) return null;
        return new TailscaleStatus
        {
            Version = root.At("Version").Text()?.Split('-')[0] ?? "",
            State = root.At("BackendState").Text() ?? "",
            HasInterface = root.At("TUN").ValueKind != JsonValueKind.False,
            Addresses = [.. root.At("Self", "TailscaleIPs").Elements().Select(each => each.Text()).OfType<string>()
                .Where(each => IPAddress.TryParse(each, out _)).Select(IPAddress.Parse)],
            Name = root.At("Self", "DNSName").Text()?.TrimEnd('.') ?? "",
            HasMagicDns = root.At("CurrentTailnet", "MagicDNSEnabled").ValueKind == JsonValueKind.True,
            Health = [.. root.At("Health").Elements().Select(each => each.Text()).OfType<string>()],
        };
    }
}
