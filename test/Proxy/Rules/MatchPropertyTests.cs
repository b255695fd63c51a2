using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class MatchPropertyTests
{
    [TestMethod]
    public void FewRandomRules_MatchLikeTheReference()
    {
        for (int seed = 0; seed < 2500; seed++)
            Check(seed, ruleCount: 1 + (seed % 14), pathCount: 25);
    }

    [TestMethod]
    public void ManyRandomRules_MatchLikeTheReference()
    {
        for (int seed = 10_000; seed < 10_020; seed++)
            Check(seed, ruleCount: 400, pathCount: 100);
    }

    [TestMethod]
    public void RandomBytes_MatchLikeTheReference()
    {
        const string Alphabet = "//ab%.2e5Ff\\ \0\u00E9";
        string[] texts = ["GET /a", "GET /{x}/b", "GET /a/{rest...}", "GET /%2b/{x}"];
        RuleSet rules = RuleSet.Compile([.. texts.Select(Rule.Parse)]);
        var random = new Random(7);
        for (int i = 0; i < 50_000; i++)
        {
            string path = (i % 3 == 0 ? "/a/" : "/") + new string(random.GetItems<char>(Alphabet, random.Next(9)));
            RouteMatch match = rules.Match("GET"u8, Ascii.Bytes(path));
            Assert.AreEqual(ReferenceMatcher.Match(texts, "GET", path), (match.Kind, match.RuleIndex), path);
        }
    }

    private static void Check(int seed, int ruleCount, int pathCount)
    {
        var random = new RandomRules(seed);
        string[] texts = [.. Enumerable.Range(0, ruleCount).Select(_ => random.Rule())];
        RuleSet rules = RuleSet.Compile([.. texts.Select(Rule.Parse)]);

        // A rule that is left out allows nothing, but keeps its index.
        string[] inForce = [.. texts];
        foreach (RuleWarning warning in rules.Warnings.Where(warning => warning.IsLeftOut))
            inForce[warning.RuleIndex] = "- /left/out/and/in/no/random/path";

        for (int i = 0; i < pathCount; i++)
        {
            string method = random.Method();
            string path = random.Path(texts);
            RouteMatch match = rules.Match(Ascii.Bytes(method), Ascii.Bytes(path));
            Assert.AreEqual(
                ReferenceMatcher.Match(inForce, method, path),
                (match.Kind, match.RuleIndex),
                $"seed {seed}: {method} {path} in\n{string.Join('\n', inForce)}"
            );
        }
    }
}
