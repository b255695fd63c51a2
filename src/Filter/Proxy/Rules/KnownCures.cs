namespace FastGate.Proxy.Rules;

/// <summary>The cures of all known requests. Immutable.</summary>
internal static class KnownCures
{
    private static readonly Cure[] All =
    [
        .. OfManagement(),
        .. OfProfiles(),
        .. OfOtherRoutes(),
        .. OfGone(),
        .. OfLlama(),
        .. OfVersionless(),
    ];

    private static readonly RuleSet Rules = RuleSet.Compile([.. All.Select(cure => cure.Rule)]);

    // The methods that OfPath tries, the most common first.
    private static readonly byte[][] Methods =
    [
        "POST"u8.ToArray(),
        "GET"u8.ToArray(),
        "HEAD"u8.ToArray(),
        "DELETE"u8.ToArray(),
    ];

    public static int Count => All.Length;

    public static Cure At(int number) => All[number];

    /// <summary>Returns the number of the cure for a method on a decoded path, or -1 if the request is unknown.
    /// Allocates nothing.</summary>
    public static int NumberOf(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path) =>
        Rules.Match(method, path).RuleIndex;

    /// <summary>Returns the cure for a method on a decoded path, or null if the request is unknown. Allocates
    /// nothing.</summary>
    public static Cure? Of(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path) =>
        NumberOf(method, path) is >= 0 and { } number ? All[number] : null;

    /// <summary>Returns the cure for a decoded path and one of the methods it accepts, or null if the path is
    /// unknown.</summary>
    public static Cure? OfPath(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> method)
    {
        method = default;
        if (Rules.Match(default, path).Kind == RouteMatchKind.UnknownPath)
            return null;
        foreach (byte[] candidate in Methods)
        {
            method = candidate;
            if (Of(candidate, path) is { } cure)
                return cure;
        }
        return null;
    }

    private static IEnumerable<Cure> OfManagement() =>
        from route in OllamaRoutes.All
        where route.IsManagement
        select new Cure(CureKind.Management, route.Rule, SentenceOf(route.Rule.Path));

    private static string SentenceOf(string path) =>
        path switch
        {
            // Codex --oss pulls a model that is not in the list, where every name has its tag.
            "/api/pull" => "if the model is already installed, use its name with the tag, such as NAME:latest "
                + "(Codex: -m NAME:latest); "
                + "otherwise run ollama pull on the machine that runs Ollama, since no profile allows this",
            "/api/me" => "no profile allows this, since it returns the link that signs the machine in: run "
                + "ollama signin on the machine that runs Ollama",
            _ when path.StartsWith("/debug/", StringComparison.Ordinal) =>
                "no profile allows this, since it exposes the memory of a server that has it (no Ollama release does)",
            _ => "no profile allows this, since it manages models, keys or the server: do it on the "
                + "machine that runs Ollama",
        };

    // Of rules with one shape the first wins, so the cure names the first profile that has the rule.
    private static IEnumerable<Cure> OfProfiles() =>
        from name in Profiles.Names
        where name != Profiles.LlamaCpp
        from rule in RulesOf(name)
        select new Cure(CureKind.Profile, rule, $"to allow it, add \"{name}\" to \"allow\" in fastgate.json", name);

    private static IEnumerable<Cure> OfOtherRoutes() =>
        from route in OllamaRoutes.All
        where !route.IsManagement
        from method in route.Rule.Methods
        let rule = new Rule([method], route.Rule.Segments)
        select new Cure(CureKind.Route, rule, $"no profile allows this: add \"{rule}\" to \"allow\" in fastgate.json");

    private static IEnumerable<Cure> OfGone() =>
        from gone in OllamaRoutes.Gone
        select new Cure(
            CureKind.Gone,
            gone.Rule,
            $"only Ollama {gone.Releases} has this route; to allow it, add \"{gone.Rule}\" to \"allow\" in "
                + "fastgate.json"
        );

    private static IEnumerable<Cure> OfLlama() =>
        [
            .. from route in LlamaRoutes.All
            where route.IsManagement
            select new Cure(
                CureKind.Llama,
                route.Rule,
                "Ollama has no such route, and no profile allows it on llama.cpp's server, since it manages that "
                    + "server"
            ),
            .. from rule in RulesOf(Profiles.LlamaCpp)
            select new Cure(
                CureKind.Llama,
                rule,
                $"Ollama has no such route; for llama.cpp's server as upstream, add "
                    + $"\"{Profiles.LlamaCpp}\" to \"allow\" in fastgate.json"
            ),
            .. from route in LlamaRoutes.All
            where !route.IsManagement
            from method in route.Rule.Methods
            let rule = new Rule([method], route.Rule.Segments)
            select new Cure(
                CureKind.Llama,
                rule,
                $"Ollama has no such route; for llama.cpp's server as upstream, add \"{rule}\" to "
                    + $"\"allow\" in fastgate.json"
            ),
        ];

    // A client whose base URL is only the host sends these. OpenAI clients, and some Anthropic clients, expect a base
    // URL that ends in /v1; ollama-ai-provider expects one that ends in /api.
    private static IEnumerable<Cure> OfVersionless() =>
        [
            .. from rule in (string[])
                [
                    "POST /chat/completions",
                    "POST /completions",
                    "POST /embeddings",
                    "POST /responses",
                    "POST /messages",
                    "GET,HEAD /models",
                    "GET,HEAD /models/{model}",
                ]
            select new Cure(
                CureKind.Versionless,
                Rule.Parse(rule),
                "the client's base URL must end in /v1: add /v1 to it",
                "/v1"
            ),
            .. from rule in (string[])
                ["POST /chat", "POST /generate", "POST /embed", "POST /show", "GET /tags", "GET /ps"]
            select new Cure(
                CureKind.Versionless,
                Rule.Parse(rule),
                "the client's base URL must end in /api: add /api to it",
                "/api"
            ),
        ];

    private static IReadOnlyList<Rule> RulesOf(string profile) =>
        Profiles.TryGet(profile, out IReadOnlyList<Rule>? rules) ? rules : [];
}
