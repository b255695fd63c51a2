using System.Text.Json;

namespace FastGate.Commands.Logs;

/// <summary>Reads what <c>tailscale whois --json</c> answers (Tailscale's apitype.WhoIsResponse).</summary>
internal static class WhoisAnswer
{
    /// <summary>The machine's name in the tailnet, or null if there is none that is fit to be shown.</summary>
    public static string? NameIn(string json)
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(json);
            if (answer.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            if (
                !answer.RootElement.TryGetProperty("Node", out JsonElement node)
                || node.ValueKind != JsonValueKind.Object
            )
                return null;
            return Fit(TextOf(node, "ComputedName")) ?? Fit(TextOf(node, "Name"));
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Not what was asked for, or text that is no Unicode: then an address is shown.
            return null;
        }
    }

    private static string? TextOf(JsonElement node, string name) =>
        node.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    // laptop.tail1234.ts.net. is laptop to everybody in its tailnet.
    private static string? Fit(string? name) =>
        name?.Split('.')[0] is { } label && PeerNames.IsName(label) ? label : null;
}
