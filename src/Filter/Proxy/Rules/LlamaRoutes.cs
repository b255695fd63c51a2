namespace FastGate.Proxy.Rules;

/// <summary>
/// The routes of llama.cpp's server that Ollama does not have, from the source of build 10488.
/// </summary>
internal static class LlamaRoutes
{
    /// <summary>The routes; the management routes, which no profile allows, first.</summary>
    public static IReadOnlyList<OllamaRoute> All { get; } =
    [
        // Slots contain other clients' prompts; saving one writes a file, restoring one reads it.
        Management("GET /slots"),
        Management("POST /slots/{slot}"),
        Management("GET,POST /props"),
        Management("GET,POST /lora-adapters"),
        Management("GET /metrics"),
        // The router: downloads, loads, unloads and deletes models.
        Management("POST,DELETE /models"),
        Management("POST /models/load"),
        Management("POST /models/unload"),
        Management("GET /models/sse"),
        // The tools run commands and write files; the proxy fetches any URL.
        Management("GET,POST /tools"),
        new(Rule.Parse("GET,POST /cors-proxy"), IsManagement: true, IsForAnyMethod: true),
        // Read other clients' responses by the name of the conversation, and control them.
        Management("GET /v1/streams"),
        Management("GET,DELETE /v1/stream/{conversation}"),
        Management("POST /v1/chat/completions/control"),
        // Vertex AI: the content names the route, so this path gives access to all others.
        Management("POST /predict"),
        Plain("GET,HEAD /health"),
        Plain("GET /v1/health"),
        Plain("POST /v1/rerank"),
        Plain("POST /v1/reranking"),
        Plain("POST /rerank"),
        Plain("POST /reranking"),
        Plain("POST /completion"),
        Plain("POST /embedding"),
        Plain("POST /infill"),
        Plain("POST /tokenize"),
        Plain("POST /detokenize"),
        Plain("POST /apply-template"),
        Plain("POST /v1/chat/completions/input_tokens"),
        Plain("POST /v1/responses/input_tokens"),
    ];

    /// <summary>The management routes that a rule allows, including through a parameter or another spelling of a
    /// literal.</summary>
    public static IEnumerable<OllamaRoute> ManagementOpenedBy(Rule rule) =>
        All.Where(route => route.IsManagement && OllamaRoutes.Opens(rule, route));

    private static OllamaRoute Management(string rule) => new(Rule.Parse(rule), IsManagement: true);

    private static OllamaRoute Plain(string rule) => new(Rule.Parse(rule), IsManagement: false);
}
