using System.Text;

namespace FastGate.Proxy.Rules;

/// <summary>One route of Ollama or of llama.cpp's server.</summary>
/// <param name="Rule">The methods and the path, as the rule that allows the route.</param>
/// <param name="IsManagement">Whether it changes models, keys or the sign-in, connects to the web, or exposes the
/// process.</param>
/// <param name="IsForAnyMethod">The server ignores the method.</param>
internal sealed record OllamaRoute(Rule Rule, bool IsManagement, bool IsForAnyMethod = false);

/// <summary>
/// Every route of Ollama, from its source of August 2026.
/// </summary>
internal static class OllamaRoutes
{
    /// <summary>The routes; the management routes, which no profile allows, first.</summary>
    public static IReadOnlyList<OllamaRoute> All { get; } =
    [
        Management("POST /api/pull"),
        Management("POST /api/push"),
        Management("POST /api/create"),
        Management("POST /api/copy"),
        Management("DELETE /api/delete"),
        Management("POST,HEAD /api/blobs/{digest}"),
        Management("POST /api/signout"),
        Management("DELETE /api/user/keys/{key}"),
        Management("POST /api/experimental/web_search"),
        Management("POST /api/experimental/web_fetch"),
        // Releases 0.15.5 to 0.17.7 only: gives a model another name.
        Management("GET,POST,DELETE /api/experimental/aliases"),
        // Returns the name and address of the machine's account, or, if the machine is not signed in, a link that ties
        // it to the account of the user who opens the link.
        Management("POST /api/me"),
        // No release mounts net/http/pprof, but a private build might, and it exposes the process's memory.
        new(Rule.Parse("GET,POST /debug/pprof"), IsManagement: true, IsForAnyMethod: true),
        new(Rule.Parse("GET,POST /debug/pprof/{profile...}"), IsManagement: true, IsForAnyMethod: true),
        Plain("HEAD,GET /"),
        Plain("HEAD,GET /api/version"),
        Plain("GET /api/status"),
        Plain("HEAD,GET /api/tags"),
        Plain("POST /api/show"),
        Plain("GET /api/experimental/model-recommendations"),
        Plain("GET /api/ps"),
        Plain("POST /api/generate"),
        Plain("POST /api/chat"),
        Plain("POST /api/embed"),
        Plain("POST /api/embeddings"),
        Plain("POST /v1/chat/completions"),
        Plain("POST /v1/completions"),
        Plain("POST /v1/embeddings"),
        Plain("GET /v1/models"),
        Plain("GET /v1/models/{model}"),
        Plain("POST /v1/responses"),
        Plain("POST /v1/audio/transcriptions"),
        Plain("POST /v1/messages"),
    ];

    /// <summary>
    /// The management routes that a rule allows, including through a parameter or another spelling of a literal.
    /// </summary>
    public static IEnumerable<OllamaRoute> ManagementOpenedBy(Rule rule) =>
        All.Where(route => route.IsManagement && Opens(rule, route));

    /// <summary>Whether a rule allows a route, including through a parameter or another spelling of a
    /// literal.</summary>
    internal static bool Opens(Rule rule, OllamaRoute route) =>
        (route.IsForAnyMethod || rule.Methods.Intersect(route.Rule.Methods).Any())
        && Overlap(rule.Segments, route.Rule.Segments);

    // Whether some path matches both. A rest matches one or more segments.
    private static bool Overlap(IReadOnlyList<Segment> rule, IReadOnlyList<Segment> route)
    {
        for (int depth = 0; depth < rule.Count && depth < route.Count; depth++)
        {
            if (rule[depth].Kind == SegmentKind.Rest || route[depth].Kind == SegmentKind.Rest)
                return true;
            if (!Overlap(rule[depth], route[depth]))
                return false;
        }
        return rule.Count == route.Count;
    }

    // Ollama's router decodes a path before it matches it: /%61pi/pull is /api/pull.
    private static bool Overlap(Segment rule, Segment route) =>
        rule.Kind == SegmentKind.Parameter
        || route.Kind == SegmentKind.Parameter
        || LiteralSegments
            .Decode(Encoding.ASCII.GetBytes(rule.Text))
            .SequenceEqual(Encoding.ASCII.GetBytes(route.Text));

    /// <summary>Routes that only older releases have, each with those releases.</summary>
    public static IReadOnlyList<(Rule Rule, string Releases)> Gone { get; } =
    [
        (Rule.Parse("POST /v1/images/generations"), "0.14.3 to 0.32.5"),
        (Rule.Parse("POST /v1/images/edits"), "0.15.0 to 0.32.5"),
    ];

    private static OllamaRoute Management(string rule) => new(Rule.Parse(rule), IsManagement: true);

    private static OllamaRoute Plain(string rule) => new(Rule.Parse(rule), IsManagement: false);
}
