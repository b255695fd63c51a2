using System.Text.Json;
using FastGate.Host;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Doctor;

/// <summary>What kind of server responds where Ollama should be.</summary>
internal enum UpstreamKind
{
    /// <summary>Nothing, or a server that doctor does not know.</summary>
    None,

    Ollama,

    /// <summary>llama.cpp's <c>llama-server</c>.</summary>
    LlamaCpp,

    /// <summary>Another server with the OpenAI API.</summary>
    OpenAi,
}

/// <summary>What responds where the upstream should be.</summary>
/// <param name="Kind">The server.</param>
/// <param name="Version">Ollama's version; empty for another server.</param>
/// <param name="Response">The response to <c>GET /api/version</c>.</param>
internal sealed record FoundUpstream(UpstreamKind Kind, string Version, ProbeResponse Response)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Whether the server accepted the request but did not respond in time.</summary>
    public bool IsLate { get; init; }

    /// <summary>Whether doctor recognizes the server, and it is not Ollama.</summary>
    public bool IsOther => Kind is UpstreamKind.LlamaCpp or UpstreamKind.OpenAi;

    public static Task<FoundUpstream> FindAsync(DoctorContext context, CheckProbe probe) =>
        context.Ollama is { } ollama
            ? probe.WithinAsync(
                Timeout,
                limited => FindAsync(limited, ollama),
                () =>
                    new FoundUpstream(
                        UpstreamKind.None,
                        "",
                        new ProbeResponse { Problem = $"no response within {Timeout.TotalSeconds:0} s" }
                    )
                    {
                        IsLate = true,
                    }
            )
            : Task.FromResult(new FoundUpstream(UpstreamKind.None, "", new ProbeResponse()));

    private static async Task<FoundUpstream> FindAsync(CheckProbe probe, ProbeTarget ollama)
    {
        ProbeResponse response = await probe.SendAsync(ollama, "GET", "/api/version");
        if (response.Status == 0 || response.IsFromGate)
            return new FoundUpstream(UpstreamKind.None, "", response);
        return response.Json.At("version").Text() is { } version
            ? new FoundUpstream(UpstreamKind.Ollama, version, response)
            : new FoundUpstream(await Upstreams.FindAsync(probe, ollama, response), "", response);
    }
}

/// <summary>Upstreams other than Ollama: how doctor recognizes them, and which of their routes must stay
/// closed.</summary>
internal static class Upstreams
{
    /// <summary>The name for people.</summary>
    public static string Name(UpstreamKind kind) =>
        kind switch
        {
            UpstreamKind.Ollama => "Ollama",
            UpstreamKind.LlamaCpp => "llama.cpp's server",
            _ => "a server with the OpenAI API",
        };

    /// <param name="probe">Sends the requests.</param>
    /// <param name="target">The upstream, past the gate.</param>
    /// <param name="version">Its response to <c>GET /api/version</c>, which is not Ollama's.</param>
    public static async Task<UpstreamKind> FindAsync(CheckProbe probe, ProbeTarget target, ProbeResponse version)
    {
        if (IsLlamaCpp(version.Server))
            return UpstreamKind.LlamaCpp;
        // A proxy before it may remove the Server field. Two of its responses identify it as well.
        ProbeResponse props = await probe.SendAsync(target, "GET", "/props");
        if (IsLlamaCpp(props.Server) || props.Json.At("default_generation_settings").ValueKind == JsonValueKind.Object)
            return UpstreamKind.LlamaCpp;
        ProbeResponse models = await probe.SendAsync(target, "GET", "/v1/models");
        if (models.Status != 200 || models.Json.At("data").ValueKind != JsonValueKind.Array)
            return UpstreamKind.None;
        return models.Json.At("data", 0, "owned_by").Text() == "llamacpp" ? UpstreamKind.LlamaCpp : UpstreamKind.OpenAi;
    }

    /// <summary>The rules of a set that open a management route of llama.cpp's server.</summary>
    public static IEnumerable<string> OpeningManagement(RuleSet rules) =>
        rules.Items.Where(rule => LlamaRoutes.ManagementOpenedBy(rule).Any()).Select(rule => rule.ToString());

    /// <summary>Sends the gate the management requests that only read; null if it refuses all of them.</summary>
    public static async Task<string?> OpenAsync(CheckProbe probe, ProbeTarget gate)
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
            ProbeResponse response = await probe.SendRawAsync(
                gate,
                $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            );
            if (!response.IsFromGate)
                return $"FastGate does not refuse GET {path}: {response.Description}";
        }
        return null;
    }

    private static bool IsLlamaCpp(string server) => server.StartsWith("llama.cpp", StringComparison.OrdinalIgnoreCase);
}
