namespace FastGate.Test.Abuse;

/// <summary>
/// Two configs that a gate alternates between. Each allows its own path and host name, so a request with the path of
/// one and the host of the other is allowed only by a mixture of both.
/// </summary>
internal static class RuleSets
{
    /// <summary>The rules of @seed, plus the config's own rule.</summary>
    public const int RulesMin = 9;

    /// <summary>An invalid config with three errors.</summary>
    public const string Broken = """{"allow": ["GET api/tags"], "lops": 1, "hosts": ["http://a"]}""";

    public static string Any(Random random) => random.Next(2) == 0 ? "a" : "b";

    public static string Other(string set) => set == "a" ? "b" : "a";

    public static string PathOf(string set) => $"/api/only-{set}";

    public static string HostOf(string set) => $"{set}.example";

    /// <param name="set">"a" or "b".</param>
    /// <param name="count">The number of rules, which identifies the reload in the log.</param>
    public static string ConfigOf(string set, int count = RulesMin)
    {
        IEnumerable<string> more = Enumerable.Range(RulesMin, count - RulesMin).Select(i => $", \"GET /api/more/{i}\"");
        return $$"""{"allow": ["@seed", "GET {{PathOf(set)}}"{{string.Concat(more)}}], "hosts": ["{{HostOf(set)}}"]}""";
    }
}
