using System.Text.Json;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Doctor;

/// <summary>Upstreams other than Ollama: how they are known, and what of theirs must stay closed.</summary>
internal static class Upstreams
{
    /// <summary>For people.</summary>
    public static string Name(UpstreamKind kind) =>
        kind switch
        {
            UpstreamKind.Ollama => "Ollama",
            UpstreamKind.LlamaCpp => "llama.cpp's server",
            _ => "a server with OpenAI's API",
        };

    /// <param name="visit">The check at work.</param>
    /// <param name="door">Past the gate.</param>
    /// <param name="version">What it answered to <c>GET /api/version</c>, which is not what Ollama answers.</param>
    public static async Task<UpstreamKind> FindAsync(CheckContext visit, DoctorTarget door, ProbeResponse version)
    {
        if (IsLlamaCpp(version.Server))
            return UpstreamKind.LlamaCpp;
        // Behind a proxy of its own the server's name may be gone. It says what it is in two of its responses.
        ProbeResponse props = await visit.AskAsync(door, "GET", "/props");
        if (IsLlamaCpp(props.Server) || props.Json.At("default_generation_settings").ValueKind == JsonValueKind.Object)
            return UpstreamKind.LlamaCpp;
        ProbeResponse models = await visit.AskAsync(door, "GET", "/v1/models");
        if (models.Status != 200 || models.Json.At("data").ValueKind != JsonValueKind.Array)
            return UpstreamKind.None;
        return models.Json.At("data", 0, "owned_by").Text() == "llamacpp" ? UpstreamKind.LlamaCpp : UpstreamKind.OpenAi;
    }

    /// <summary>The rules of a set that open a management route of llama.cpp's server.</summary>
    public static IEnumerable<string> OpeningManagement(RuleSet rules) =>
        rules.Items.Where(rule => LlamaRoutes.ManagementOpenedBy(rule).Any()).Select(rule => rule.ToString());

    /// <summary>Sends the gate those that only read; null if it refuses all of them.</summary>
    public static async Task<string?> OpenAsync(CheckContext visit, DoctorTarget gate)
    {
        foreach (
            OllamaRoute route in LlamaRoutes.All.Where(route =>
                route.IsManagement && route.Rule.Methods.Contains("GET")
            )
        )
        {
            string path = string.Concat(
                route.Rule.Segments.Select(segment => segment.Kind == SegmentKind.Literal ? $"/{segment}" : "/0")
            );
            ProbeResponse heard = await visit.SendAsync(
                gate,
                $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            );
            if (!heard.IsGates)
                return $"GET {path} is not refused by FastGate: {heard.Description}";
        }
        return null;
    }

    private static bool IsLlamaCpp(string server) => server.StartsWith("llama.cpp", StringComparison.OrdinalIgnoreCase);
}
