namespace FastGate.Test.Replay;

/// <summary>
/// The status that each recorded request gets: from the stand-in directly, and through a gate with each set of
/// profiles.
/// </summary>
internal static class ExpectedStatuses
{
    /// <summary>No HTTP/1 response.</summary>
    public const int None = 0;

    // Direct, @seed, @seed with @clients.
    private static readonly Dictionary<string, (int Direct, int Seed, int Clients)> Table = new()
    {
        ["claude-code-2.1.197/01-HEAD-root"] = (200, 403, 200),
        ["claude-code-2.1.197/02-POST-v1-messages-beta-true"] = (200, 200, 200),
        ["claude-code-2.1.197-base-url-with-v1/01-HEAD-v1"] = (404, 403, 403),
        ["claude-code-2.1.197-base-url-with-v1/02-POST-v1-v1-messages-beta-true"] = (404, 403, 403),
        ["claude-code-2.1.197-context-and-discovery/01-HEAD-root"] = (200, 403, 200),
        ["claude-code-2.1.197-context-and-discovery/02-GET-v1-models-limit-1000"] = (200, 200, 200),
        ["claude-code-2.1.197-context-and-discovery/03-POST-v1-messages-count_tokens-beta-true"] = (200, 403, 200),
        ["claude-code-2.1.197-context-and-discovery/04-POST-v1-messages-beta-true"] = (200, 200, 200),
        ["claude-code-2.1.329/01-HEAD-api-hello"] = (404, 403, 404),
        ["claude-code-2.1.329/02-POST-v1-messages-beta-true"] = (200, 200, 200),
        ["claude-code-2.1.329-context-and-discovery/01-HEAD-api-hello"] = (404, 403, 404),
        ["claude-code-2.1.329-context-and-discovery/02-GET-v1-models-limit-1000"] = (200, 200, 200),
        ["claude-code-2.1.329-context-and-discovery/03-POST-v1-messages-count_tokens-beta-true"] = (200, 403, 200),
        ["codex-0.169-oss/01-GET-v1-models"] = (200, 200, 200),
        ["codex-0.169-oss/02-GET-api-version"] = (200, 200, 200),
        ["codex-0.169-oss/03-GET-api-tags"] = (200, 200, 200),
        ["codex-0.169-oss/04-POST-v1-responses"] = (200, 200, 200),
        ["codex-0.169-responses/01-POST-v1-responses"] = (200, 200, 200),
        ["continue-cli-1.5.47/01-POST-v1-chat-completions"] = (200, 200, 200),
        ["curl-7.88/01-POST-api-chat"] = (200, 403, 200),
        ["curl-7.88/02-PUT-api-blobs-sha256-aa"] = (405, 403, 403),
        ["curl-7.88/03-GET-api-tags"] = (200, 200, 200),
        ["curl-7.88/04-PRI-root"] = (None, 505, 505),
        ["sdks-js/01-GET-v1-models"] = (200, 200, 200),
        ["sdks-js/02-GET-v1-models-qwen2.5-coder-32b"] = (200, 200, 200),
        // To Ollama, an encoded slash separates two segments: the gate never forwards it, and Ollama has no such model.
        ["sdks-js/03-GET-v1-models-hf.co-2Fuser-2Fmodel-tag"] = (404, 400, 400),
        ["sdks-js/04-POST-v1-chat-completions"] = (200, 200, 200),
        ["sdks-js/05-POST-v1-responses"] = (200, 200, 200),
        ["sdks-js/06-POST-v1-messages"] = (200, 200, 200),
        ["sdks-js/07-POST-v1-messages-count_tokens"] = (200, 403, 200),
        ["sdks-js/08-GET-api-tags"] = (200, 200, 200),
        ["sdks-js/09-GET-api-ps"] = (200, 403, 200),
        ["sdks-js/10-POST-api-show"] = (200, 200, 200),
        ["sdks-js/11-POST-api-chat"] = (200, 403, 200),
    };

    public static IEnumerable<string> Names => Table.Keys;

    public static int Direct(Capture capture) => Table[capture.Name].Direct;

    public static int Seed(Capture capture) => Table[capture.Name].Seed;

    public static int Clients(Capture capture) => Table[capture.Name].Clients;
}
