namespace FastGate.Proxy.Rules;

/// <summary>Every request that is known by name, with its cure; made once.</summary>
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

    // By which methods a path is asked about, the usual ones first.
    private static readonly byte[][] Methods =
    [
        "POST"u8.ToArray(),
        "GET"u8.ToArray(),
        "HEAD"u8.ToArray(),
        "DELETE"u8.ToArray(),
    ];

    /// <summary>The cure for a method on a decoded path; null if none is known. Allocates nothing.</summary>
    public static Cure? Of(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        RouteMatch verdict = Rules.Match(method, path);
        return verdict.Allowed ? All[verdict.RuleIndex] : null;
    }

    /// <summary>The cure for the method that the path has, and that method; null if the path is not known at
    /// all.</summary>
    public static Cure? OfPath(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> method)
    {
        method = default;
        if (Rules.Match(default, path).Kind == RouteMatchKind.UnknownPath)
            return null;
        foreach (byte[] each in Methods)
        {
            method = each;
            if (Of(each, path) is { } cure)
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
            // Codex --oss pulls what it does not find in the list, where every name has its tag.
            "/api/pull" => "if the model is installed already, give its name with the tag, such as NAME:latest "
                + "(Codex: -m NAME:latest); "
                + "otherwise run ollama pull on the machine that runs Ollama, since no profile opens this",
            "/api/me" => "no profile opens this, since it hands out the link that signs the machine in: run "
                + "ollama signin on the machine that runs Ollama",
            _ when path.StartsWith("/debug/", StringComparison.Ordinal) =>
                "no profile opens this, since it shows the memory of a server that has it (no release of Ollama does)",
            _ => "no profile opens this, since it manages models, keys or the server: do it on the "
                + "machine that runs Ollama",
        };

    // The first profile that has a rule wins, as the first rule of one shape does.
    private static IEnumerable<Cure> OfProfiles() =>
        from name in Profiles.Names
        where name != Profiles.LlamaCpp
        from rule in RulesOf(name)
        select new Cure(CureKind.Profile, rule, $"to open it, add \"{name}\" to \"allow\" in fastgate.json", name);

    private static IEnumerable<Cure> OfOtherRoutes() =>
        from route in OllamaRoutes.All
        where !route.IsManagement
        from method in route.Rule.Methods
        let rule = new Rule([method], route.Rule.Segments)
        select new Cure(CureKind.Route, rule, $"no profile opens this: add \"{rule}\" to \"allow\" in fastgate.json");

    private static IEnumerable<Cure> OfGone() =>
        from gone in OllamaRoutes.Gone
        select new Cure(
            CureKind.Gone,
            gone.Rule,
            $"only Ollama {gone.Releases} has this route; for one of these, add \"{gone.Rule}\" to "
                + $"\"allow\" in fastgate.json"
        );

    private static IEnumerable<Cure> OfLlama() =>
        [
            .. from route in LlamaRoutes.All
            where route.IsManagement
            select new Cure(
                CureKind.Llama,
                route.Rule,
                "Ollama has no such route, and no profile opens this one of llama.cpp's server, since "
                    + "it manages that server"
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

    // What a client sends whose base URL is only the host: the OpenAI clients want one that ends in /v1, as do some of
    // Anthropic's; ollama-ai-provider wants one that ends in /api.
    private static IEnumerable<Cure> OfVersionless() =>
        [
            .. from rule in (string[])
                [
                    "POST /chat/completions",
                    "POST /completions",
                    "POST /embeddings",
                    "POST /responses",
                    "POST /messages",
                    "GET /models",
                    "GET /models/{model}",
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
