using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class SmallestAllowListTests
{
    [TestMethod]
    public void Nothing_NeedsNoLine() => Check([], []);

    [TestMethod]
    public void RulesOnOnePath_AreOneLineInTheUsualOrder() =>
        Check(
            ["OPTIONS /api/tags", "POST /api/chat", "HEAD /api/tags", "GET /api/tags", "GET /api/tags"],
            ["POST /api/chat", "GET,HEAD,OPTIONS /api/tags"]
        );

    [TestMethod]
    public void ProfileThatIsNeededWhole_IsOneLine() =>
        Check(["GET /api/tags", "POST /api/show", "POST /api/chat", "GET /api/ps"], ["@zed", "GET /api/ps"]);

    [TestMethod]
    public void ProfileThatAllowsMore_IsNotUsed() =>
        Check(["GET /api/tags", "POST /api/show"], ["POST /api/show", "GET /api/tags"]);

    [TestMethod]
    public void TwoProfilesThatShareARule_AreCombined() =>
        Check(
            [
                "HEAD /",
                "HEAD /api/hello",
                "POST /v1/messages",
                "POST /v1/messages/count_tokens",
                "GET /v1/models",
                "POST /v1/responses",
                "GET /api/version",
                "GET /api/tags",
            ],
            ["@claude-code", "@codex"]
        );

    [TestMethod]
    public void ProfileThatSavesNoLine_IsNotUsed() =>
        // Both rules of @cline, one of which also needs HEAD.
        Check(["GET /api/tags", "HEAD /api/tags", "POST /api/chat"], ["POST /api/chat", "GET,HEAD /api/tags"]);

    [TestMethod]
    public void PreflightsOfAllPaths_AreTheBrowserProfile() =>
        Check(
            [
                "GET /api/tags",
                "POST /api/show",
                "POST /api/chat",
                "OPTIONS /api/tags",
                "OPTIONS /api/show",
                "OPTIONS /api/chat",
            ],
            ["@zed", "@browser"]
        );

    [TestMethod]
    public void PreflightsOfSomePaths_AreNotTheBrowserProfile() =>
        Check(
            ["GET /api/tags", "POST /api/show", "POST /api/chat", "OPTIONS /api/tags"],
            ["@zed", "OPTIONS /api/tags"]
        );

    [TestMethod]
    public void BrowserProfile_CoversOtherPathsToo() =>
        Check(
            [
                "GET /mine",
                "OPTIONS /mine",
                "GET /api/tags",
                "OPTIONS /api/tags",
                "POST /api/chat",
                "OPTIONS /api/chat",
                "POST /api/show",
                "OPTIONS /api/show",
            ],
            ["@zed", "@browser", "GET /mine"]
        );

    /// <summary>The search over combinations of profiles skips paths that no profile has.</summary>
    [TestMethod]
    [Timeout(20_000)]
    public void ThousandsOfOtherPaths_AreALineEach()
    {
        string[] others = [.. Enumerable.Range(10_000, 9_000).Select(n => $"GET /u{n}")];
        Check(
            [
                .. Known()
                    .Select(rule => rule.ToString())
                    .Where(rule => !rule.StartsWith("OPTIONS", StringComparison.Ordinal)),
                .. others,
            ],
            ["@clients", "@ollama-cli", "@llama-cpp", .. others]
        );
    }

    /// <summary>For any set of known requests, the lines allow each of them and no other.</summary>
    [TestMethod]
    public void AnyRequests_AreCoveredExactly()
    {
        Rule[] all = [.. Known().DistinctBy(rule => $"{rule.Methods[0]} {rule.Shape}")];
        for (int seed = 0; seed < 40; seed++)
        {
            Random random = new(seed);
            double share = random.NextDouble();
            Rule[] needed = [.. all.Where(_ => random.NextDouble() < share)];
            IReadOnlyList<string> lines = SmallestAllowList.Of(needed);
            Assert.IsLessThanOrEqualTo(needed.Select(rule => rule.Shape).Distinct().Count(), lines.Count);
            AssertAllows(lines, needed);
        }
    }

    private static IEnumerable<Rule> Known() =>
        from rule in Profiles.Names.SelectMany(name =>
            Profiles.TryGet(name, out IReadOnlyList<Rule>? rules) ? rules : []
        )
        from method in rule.Methods.Append("OPTIONS")
        select new Rule([method], rule.Segments);

    private static void Check(string[] needed, string[] expected)
    {
        IReadOnlyList<string> lines = SmallestAllowList.Of(needed.Select(Rule.Parse));
        Assert.AreEqual(string.Join('\n', expected), string.Join('\n', lines));
        AssertAllows(lines, [.. needed.Select(Rule.Parse)]);
    }

    private static void AssertAllows(IReadOnlyList<string> lines, Rule[] needed)
    {
        AllowList list = AllowList.Expand(lines);
        Assert.IsEmpty(list.Problems);
        Assert.AreEqual(Pairs(needed), Pairs(list.Rules));
    }

    private static string Pairs(IEnumerable<Rule> rules) =>
        string.Join(
            '\n',
            rules
                .SelectMany(rule => rule.Methods, (rule, method) => $"{rule.Shape} {method}")
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
}
