using System.Diagnostics.CodeAnalysis;

namespace FastGate.Proxy.Rules;

/// <summary>
/// The named sets of rules: what each client really sends, as recorded or as read in its source. None of them opens
/// anything that changes models, keys or the machine.
/// </summary>
internal static class Profiles
{
    /// <summary>What holds without a config: inference, and what is needed to choose a model.</summary>
    public const string Seed = "@seed";

    /// <summary>
    /// Stands for OPTIONS on every path that the other rules of its list allow; has no rules of its own.
    /// </summary>
    public const string Browser = "@browser";

    /// <summary>What llama.cpp's server has, in place of Ollama.</summary>
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

    // In the order in which a refusal names the profile that would help.
    private static readonly (string Name, Rule[] Rules)[] All =
    [
        Profile(Seed, SeedRules),
        // With the seed's rules, so that it can stand alone in a list.
        Profile(
            "@clients",
            [
                .. SeedRules,
                "GET,HEAD /",
                // Newer versions of Claude Code probe it before the first post; Ollama answers with its own 404.
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
        // /api/hello is not Ollama's; newer versions probe it, and get Ollama's own 404.
        Profile(
            "@claude-code",
            "HEAD /",
            "HEAD /api/hello",
            "POST /v1/messages",
            "POST /v1/messages/count_tokens",
            "GET /v1/models"
        ),
        // codex --oss would also pull a missing model; it has to be pulled on the machine itself.
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
        // Every command begins with HEAD /; "ollama launch" asks for status and recommendations. Commands that manage
        // models or the sign-in (POST /api/me among them) stay refused.
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
        // It asks for the version first, and refuses below 0.6.4.
        Profile("@vscode", "GET /api/version", "GET /api/tags", "POST /api/show", "POST /v1/chat/completions"),
        // For llama.cpp's server as upstream. What manages it is in LlamaRoutes.
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
    /// The rules of a profile; for <see cref="Browser"/> none, since they depend on the rest of the list.
    /// </summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out IReadOnlyList<Rule>? rules)
    {
        rules = All.FirstOrDefault(profile => profile.Name == name).Rules;
        return rules is not null;
    }

    private static (string Name, Rule[] Rules) Profile(string name, params string[] rules) =>
        (name, [.. rules.Select(Rule.Parse)]);
}
