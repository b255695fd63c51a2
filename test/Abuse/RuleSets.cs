namespace FastGate.Test.Abuse;

/// <summary>
/// Two configs that a gate is switched between. Each opens a path and a host name of its own, so that a request with the
/// one's path and the other's host is allowed by neither, and by nothing but a mixture of both.
/// </summary>
internal static class RuleSets
{
    /// <summary>Not taken up, for three reasons.</summary>
    public const string Broken = """{"allow": ["GET api/tags"], "lops": 1, "hosts": ["http://a"]}""";

    public static string Any(Random random) => random.Next(2) == 0 ? "a" : "b";

    public static string Other(string set) => set == "a" ? "b" : "a";

    public static string PathOf(string set) => $"/api/only-{set}";

    public static string HostOf(string set) => $"{set}.example";

    public static string ConfigOf(string set) =>
        $$"""{"allow": ["@seed", "GET {{PathOf(set)}}"], "hosts": ["{{HostOf(set)}}"]}""";
}
