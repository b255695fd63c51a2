namespace FastGate.Test.Abuse;

/// <summary>
/// Two configs that a gate is switched between. Each opens a path and a host name of its own, so that a request with
/// the one's path and the other's host is allowed by neither, and by nothing but a mixture of both.
/// </summary>
internal static class RuleSets
{
    /// <summary>Those of @seed, and the one that is its own.</summary>
    public const int RulesMin = 9;

    /// <summary>Not taken up, for three reasons.</summary>
    public const string Broken = """{"allow": ["GET api/tags"], "lops": 1, "hosts": ["http://a"]}""";

    public static string Any(Random random) => random.Next(2) == 0 ? "a" : "b";

    public static string Other(string set) => set == "a" ? "b" : "a";

    public static string PathOf(string set) => $"/api/only-{set}";

    public static string HostOf(string set) => $"{set}.example";

    /// <param name="set">Which of the two.</param>
    /// <param name="count">How many rules there are to be, so that a line of the log tells one reload from the
    /// next.</param>
    public static string ConfigOf(string set, int count = RulesMin)
    {
        IEnumerable<string> more = Enumerable.Range(RulesMin, count - RulesMin).Select(i => $", \"GET /api/more/{i}\"");
        return $$"""{"allow": ["@seed", "GET {{PathOf(set)}}"{{string.Concat(more)}}], "hosts": ["{{HostOf(set)}}"]}""";
    }
}
