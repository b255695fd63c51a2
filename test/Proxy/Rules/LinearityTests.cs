using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

/// <summary>The work of a match, counted in bytes read; a clock would also measure the machine.</summary>
[TestClass]
public sealed class LinearityTests
{
    // A byte is read for the end of its segment, its hash, its label and a parameter, and once more per alternative.
    private const int ReadsPerByte = 6;

    [TestMethod]
    public void EveryCombinationOfLiteralAndParameter_IsLimitedAndStaysLinear()
    {
        // 2^12 rules that all match the path except for its last segment.
        IEnumerable<string> combinations = Enumerable.Range(0, 1 << 12).Select(Combination);
        RuleSet rules = RuleSet.Compile([.. combinations.Select(path => Rule.Parse($"GET {path}/z"))]);

        Assert.IsGreaterThan(4000, rules.Warnings.Count(warning => warning.IsLeftOut));
        Check(rules, string.Concat(Enumerable.Repeat("/a", 12)) + "/y", Draft.BranchesMax);
    }

    [TestMethod]
    public void RestAtEveryLevel_IsLimitedAndStaysLinear()
    {
        Rule[] rests =
        [
            .. Enumerable
                .Range(0, 40)
                .Select(level => Rule.Parse($"GET {string.Concat(Enumerable.Repeat("/a", level))}/{{rest...}}")),
        ];
        RuleSet rules = RuleSet.Compile(rests);

        Assert.AreEqual(40 - Draft.BranchesMax, rules.Warnings.Count(warning => warning.IsLeftOut));
        foreach (int segments in (int[])[10, 100, 1000])
            Check(rules, string.Concat(Enumerable.Repeat("/a", segments)) + "/%", Draft.BranchesMax);
    }

    [TestMethod]
    public void LongPath_CostsInProportionToItsLength()
    {
        RuleSet rules = RuleSet.Compile([Rule.Parse("GET /a/{x}/b"), Rule.Parse("GET /{x}/c/{rest...}")]);
        Check(rules, "/a/c/" + new string('m', 8000), branches: 2);
        Check(rules, "/a/" + new string('m', 8000), branches: 2);
        Check(rules, string.Concat(Enumerable.Repeat("/c", 4000)), branches: 2);
    }

    [TestMethod]
    public void TenThousandRules_CostTheSameStepsAsTen()
    {
        RuleSet few = RuleSet.Compile([.. Rules(10)]);
        RuleSet many = RuleSet.Compile([.. Rules(10_000)]);
        Assert.IsEmpty(many.Warnings);
        foreach (string path in (string[])["/service7/op/x/run", "/v1/chat/completions", "/v1/models/qwen"])
        {
            Assert.IsTrue(few.Match("GET"u8, Ascii.Bytes(path), out long fewSteps).Allowed);
            Assert.IsTrue(many.Match("GET"u8, Ascii.Bytes(path), out long manySteps).Allowed);
            Assert.AreEqual(fewSteps, manySteps, path);
        }
        foreach (string path in (string[])["/nothing", "/service7/op/x/stop", "/v1/models", "/service10000/op/x/run"])
            Check(many, path, branches: 1);
    }

    [TestMethod]
    public void TenThousandMethodsOnOnePath_CostTheSameStepsAsOne()
    {
        RuleSet many = RuleSet.Compile([.. Enumerable.Range(0, 10_000).Select(i => Rule.Parse($"M{i:D4} /a"))]);
        RouteMatch match = many.Match("M9999"u8, "/a"u8, out long steps);
        Assert.AreEqual(9999, match.RuleIndex);
        Assert.IsLessThan(20, steps);
    }

    [TestMethod]
    public void RuleOverTheLimit_AllowsNothing_AndTheOthersStay()
    {
        // Each level doubles the branches; the one that would reach 32 is left out.
        Rule[] levels =
        [
            .. Enumerable
                .Range(1, 40)
                .Select(level => Rule.Parse($"GET {string.Concat(Enumerable.Repeat("/a", level))}/{{x}}/end")),
        ];
        RuleSet rules = RuleSet.Compile(levels);
        RuleWarning[] leftOut = [.. rules.Warnings.Where(warning => warning.IsLeftOut)];

        Assert.IsNotEmpty(leftOut);
        for (int index = 0; index < levels.Length; index++)
        {
            bool isLeftOut = leftOut.Any(warning => warning.RuleIndex == index);
            string path = levels[index].Path.Replace("{x}", "m", StringComparison.Ordinal);
            Assert.AreEqual(!isLeftOut, rules.Match("GET"u8, Ascii.Bytes(path)).Allowed, path);
        }
    }

    private static string Combination(int bits) =>
        string.Concat(Enumerable.Range(0, 12).Select(level => ((bits >> level) & 1) == 0 ? "/a" : "/{x}"));

    private static IEnumerable<Rule> Rules(int count) =>
        Enumerable
            .Range(0, count - 2)
            .Select(i => Rule.Parse($"GET /service{i}/op/{{id}}/run"))
            .Append(Rule.Parse("GET /v1/chat/completions"))
            .Append(Rule.Parse("GET /v1/models/{model}"));

    private static void Check(RuleSet rules, string path, int branches)
    {
        rules.Match("GET"u8, Ascii.Bytes(path), out long steps);
        long stepsMax = (long)ReadsPerByte * branches * path.Length;
        Assert.IsLessThanOrEqualTo(stepsMax, steps, path[..Math.Min(40, path.Length)]);
    }
}
