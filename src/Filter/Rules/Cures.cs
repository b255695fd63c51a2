using System.Text;

namespace FastGate.Rules;

/// <summary>The sentences that go with a refusal, made once: which request, which cure.</summary>
internal static class Cures
{
    // No route of Ollama's is nearly as long.
    private const int DecodedBytesMax = 256;

    private static readonly RuleSet Known;
    private static readonly byte[][] Sentences;

    static Cures()
    {
        (Rule Rule, string Sentence)[] cures =
        [
            .. OfManagement(),
            .. OfProfiles(),
            .. OfPreflights(),
            .. OfOtherRoutes(),
            .. OfMissingVersion(),
        ];
        Known = RuleSet.Compile([.. cures.Select(cure => cure.Rule)]);
        Sentences = [.. cures.Select(cure => Encoding.UTF8.GetBytes(cure.Sentence))];
    }

    /// <summary>The sentence for a refused request; empty if none is known.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        if (HasNeedlessVersion(path))
            return "the client's base URL must not end in /v1: remove /v1 from it"u8;
        Span<byte> decoded = stackalloc byte[DecodedBytesMax];
        Verdict verdict = Known.Match(method, Decode(path, decoded));
        return verdict.Allowed ? Sentences[verdict.RuleIndex] : default;
    }

    // Ollama's router sees the decoded path, so another spelling of a route is cured like the route.
    private static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> path, Span<byte> decoded)
    {
        if (path.Length > decoded.Length || !path.Contains((byte)'%')) return path;
        int length = 0;
        var decoder = new PercentDecoder(path);
        while (decoder.TryRead()) decoded[length++] = decoder.Current;
        return decoded[..length];
    }

    // The Anthropic clients add /v1/…, the Ollama clients /api/…; the OpenAI clients want a base URL with /v1.
    private static bool HasNeedlessVersion(ReadOnlySpan<byte> path) =>
        path.StartsWith("/v1/v1/"u8) || path.StartsWith("/v1/api/"u8) || path.SequenceEqual("/v1/v1"u8);

    private static IEnumerable<(Rule Rule, string Sentence)> OfManagement() =>
        from route in OllamaRoutes.All
        where route.IsManagement
        select (route.Rule, "no profile opens this, since it manages models, keys or the server: do it on its machine");

    // The first profile that has a rule wins, as the first rule of one shape does.
    private static IEnumerable<(Rule Rule, string Sentence)> OfProfiles() =>
        from name in Profiles.Names
        from rule in RulesOf(name)
        select (rule, $"add \"{name}\" to \"allow\"");

    private static IEnumerable<(Rule Rule, string Sentence)> OfPreflights() =>
        from name in Profiles.Names
        from rule in RulesOf(name)
        select (new Rule(["OPTIONS"], rule.Segments), $"for a browser, add \"{Profiles.Browser}\" to \"allow\"");

    private static IEnumerable<(Rule Rule, string Sentence)> OfOtherRoutes() =>
        from route in OllamaRoutes.All
        from method in route.Rule.Methods
        let rule = new Rule([method], route.Rule.Segments)
        select (rule, $"no profile opens this: add \"{rule}\" to \"allow\"");

    // What an OpenAI client sends whose base URL is only the host.
    private static IEnumerable<(Rule Rule, string Sentence)> OfMissingVersion() =>
        from rule in (string[])
        [
            "POST /chat/completions",
            "POST /completions",
            "POST /embeddings",
            "POST /responses",
            "GET /models",
            "GET /models/{model}",
        ]
        select (Rule.Parse(rule), "the client's base URL must end in /v1: add /v1 to it");

    private static IReadOnlyList<Rule> RulesOf(string profile) =>
        Profiles.TryGet(profile, out IReadOnlyList<Rule>? rules) ? rules : [];
}
