using System.Diagnostics.CodeAnalysis;

namespace FastGate.Proxy.Rules;

/// <summary>
/// The named sets of rules: what each client sends, as recorded or as found in its source. No profile allows a request
/// that changes models, keys or the machine.
/// </summary>
internal static class Profiles
{
    /// <summary>The default: inference, and what clients need to choose a model.</summary>
    public const string Seed = "@seed";

    /// <summary>
    /// Means OPTIONS on every path that the other rules of its list allow, so it has no rules of its own.
    /// </summary>
    public const string Browser = "@browser";

    /// <summary>The profile for llama.cpp's server as upstream.</summary>
    public const string LlamaCpp = "@llama-cpp";

    private static readonly string[] SeedRules =
    [
        "POST /v1/chat/completions",
        "GET,HEAD /v1/models",
        "GET,HEAD /v1/models/{model}",
        "POST /v1/responses",
        "POST /v1/messages",
        "GET,HEAD /api/version",
        "GET,HEAD /api/tags",
        "POST /api/show",
    ];

    // In the order of preference: a refusal names the first profile that allows the request.
    private static readonly (string Name, Rule[] Rules)[] All =
    [
        Profile(Seed, SeedRules),
        // Includes @seed, so that it can stand alone in a list.
        Profile(
            "@clients",
            [
                .. SeedRules,
                "GET,HEAD /",
                // Newer versions of Claude Code send it before the first POST; Ollama responds with its own 404.
                "HEAD /api/hello",
                "GET /api/ps",
                "POST /api/chat",
                "POST /api/generate",
                "POST /api/embed",
                "POST /api/embeddings",
                "POST /v1/completions",
                "POST /v1/embeddings",
                "POST /v1/messages/count_tokens",
            ]
        ),
        Profile(Browser),
        // Ollama does not have /api/hello: newer versions send it, and get Ollama's own 404.
        Profile(
            "@claude-code",
            "HEAD /",
            "HEAD /api/hello",
            "POST /v1/messages",
            "POST /v1/messages/count_tokens",
            "GET /v1/models"
        ),
        // codex --oss also tries to pull a missing model, which has to be done on the machine itself.
        Profile("@codex", "POST /v1/responses", "GET /v1/models", "GET /api/version", "GET /api/tags"),
        // Through litellm: ollama/x, ollama_chat/x, openai/x, and their metadata.
        Profile(
            "@aider",
            "POST /api/generate",
            "POST /api/chat",
            "POST /v1/chat/completions",
            "POST /api/show",
            "GET /api/tags"
        ),
        // The IDE's requests, and the one of its CLI.
        Profile(
            "@continue",
            "POST /api/show",
            "POST /api/chat",
            "POST /api/generate",
            "POST /api/embed",
            "GET /api/tags",
            "POST /v1/chat/completions"
        ),
        // Every command begins with HEAD /; "ollama launch" also gets status and recommendations. Commands that manage
        // models or the sign-in (such as POST /api/me) stay refused.
        Profile(
            "@ollama-cli",
            "HEAD /",
            "GET /api/tags",
            "GET /api/ps",
            "GET /api/version",
            "POST /api/show",
            "POST /api/chat",
            "POST /api/generate",
            "GET /api/status",
            "GET /api/experimental/model-recommendations"
        ),
        Profile(
            "@open-webui",
            "GET /api/tags",
            "GET /api/ps",
            "GET /api/version",
            "POST /api/chat",
            "POST /api/generate"
        ),
        Profile("@zed", "GET /api/tags", "POST /api/show", "POST /api/chat"),
        Profile("@cline", "GET /api/tags", "POST /api/chat"),
        // It gets the version first, and requires at least 0.6.4.
        Profile("@vscode", "GET /api/version", "GET /api/tags", "POST /api/show", "POST /v1/chat/completions"),
        // Without the management routes, which LlamaRoutes lists.
        Profile(
            LlamaCpp,
            "GET,HEAD /health",
            "GET /v1/health",
            "GET,HEAD /v1/models",
            "POST /v1/chat/completions",
            "POST /v1/completions",
            "POST /v1/responses",
            "POST /v1/messages",
            "POST /v1/messages/count_tokens",
            "POST /v1/embeddings",
            "POST /v1/rerank"
        ),
    ];

    /// <summary>The names, each with its <c>@</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(profile => profile.Name)];

    /// <summary>
    /// Gets the rules of a profile; none for <see cref="Browser"/>, since they depend on the rest of the list.
    /// </summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out IReadOnlyList<Rule>? rules)
    {
        rules = All.FirstOrDefault(profile => profile.Name == name).Rules;
        return rules is not null;
    }

    private static (string Name, Rule[] Rules) Profile(string name, params string[] rules) =>
        (name, [.. rules.Select(Rule.Parse)]);
}
