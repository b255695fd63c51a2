using System.Text;
using System.Text.Json;
using FastGate.Rules;

namespace FastGate.Doctor;

/// <summary>Upstreams other than Ollama: how they are known, and what of theirs must stay closed.</summary>
internal static class Upstreams
{
    /// <summary>
    /// What llama.cpp's server (tools/server) has beside the APIs of OpenAI and Anthropic: it saves and restores slots, loads
    /// models, runs tools, and fetches from the web.
    /// </summary>
    private static readonly (string Method, string Path)[] Managing =
    [
        ("GET", "/slots"), ("POST", "/slots/0"), ("GET", "/props"), ("POST", "/props"), ("GET", "/lora-adapters"), ("POST", "/lora-adapters"),
        ("GET", "/models"), ("POST", "/models"), ("DELETE", "/models"), ("POST", "/models/load"), ("POST", "/models/unload"),
        ("GET", "/tools"), ("POST", "/tools"), ("GET", "/cors-proxy"), ("POST", "/cors-proxy"),
        ("GET", "/v1/stream"), ("GET", "/v1/stream/x"), ("DELETE", "/v1/stream/x"), ("GET", "/v1/streams"), ("POST", "/v1/streams/lookup"), ("POST", "/predict"),
    ];

    /// <summary>For people.</summary>
    public static string Name(UpstreamKind kind) => kind switch
    {
        UpstreamKind.Ollama => "Ollama",
        UpstreamKind.LlamaCpp => "llama.cpp's server",
        _ => "a server with OpenAI's API",
    };

    /// <param name="visit">The check at work.</param>
    /// <param name="door">Past the gate.</param>
    /// <param name="version">What it answered to <c>GET /api/version</c>, which is not what Ollama answers.</param>
    public static async Task<UpstreamKind> FindAsync(Visit visit, Door door, Heard version)
    {
        if (IsLlamaCpp(version.Server)) return UpstreamKind.LlamaCpp;
        // Behind a proxy of its own the server's name may be gone. It says what it is in two of its responses.
        Heard props = await visit.AskAsync(door, "GET", "/props");
        if (IsLlamaCpp(props.Server) || props.Json.At("default_generation_settings").ValueKind == JsonValueKind.Object) return UpstreamKind.LlamaCpp;
        Heard models = await visit.AskAsync(door, "GET", "/v1/models");
        if (models.Status != 200 || models.Json.At("data").ValueKind != JsonValueKind.Array) return UpstreamKind.None;
        return models.Json.At("data", 0, "owned_by").Text() == "llamacpp" ? UpstreamKind.LlamaCpp : UpstreamKind.OpenAi;
    }

    /// <summary>What of llama.cpp's management a rule set opens.</summary>
    public static IEnumerable<string> OpenedBy(RuleSet rules) => Managing
        .Where(each => rules.Match(Encoding.ASCII.GetBytes(each.Method), Encoding.ASCII.GetBytes(each.Path)).Allowed).Select(each => $"{each.Method} {each.Path}");

    /// <summary>What of it the gate lets through, asked only in ways that look; null if nothing.</summary>
    public static async Task<string?> OpenAsync(Visit visit, Door gate)
    {
        foreach ((string method, string path) in Managing.Where(each => each.Method == "GET"))
        {
            Heard heard = await visit.SendAsync(gate, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            if (!heard.IsGates) return $"{method} {path} is not refused by FastGate: {heard.Says}";
        }
        return null;
    }

    private static bool IsLlamaCpp(string server) => server.StartsWith("llama.cpp", StringComparison.OrdinalIgnoreCase);
}
