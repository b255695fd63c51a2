using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class AllowListTests
{
    [TestMethod]
    public void Lines_BecomeRulesInTheirOrder() => Check(["GET /b", "GET /a"], "GET /b", "GET /a");

    [TestMethod]
    public void Profile_AddsOnlyWhatIsMissing()
    {
        Check(["GET /api/tags", " @zed "], "GET /api/tags", "POST /api/show", "POST /api/chat");
        Check(["@cline", "@zed"], "GET /api/tags", "POST /api/chat", "POST /api/show");
        Check(["@seed", "@seed"], [.. AllowList.Expand(["@seed"]).Rules.Select(rule => rule.ToString())]);
    }

    [TestMethod]
    public void CombinedProfiles_HaveNoWarning()
    {
        AllowList list = AllowList.Expand(Profiles.Names);
        Assert.IsEmpty(list.Problems);
        Assert.IsEmpty(RuleSet.Compile(list.Rules).Warnings);
    }

    [TestMethod]
    public void LineThatRepeatsAProfile_IsReportedWithItsIndex()
    {
        AllowList list = AllowList.Expand(["@seed", "GET /b", "GET /api/tags"]);
        RuleWarning warning = list.WarningsToReport(RuleSet.Compile(list.Rules)).Single();
        Assert.AreEqual(RuleWarningKind.Duplicate, warning.Kind);
        Assert.AreEqual(2, list.LineOf(warning.RuleIndex));
    }

    [TestMethod]
    public void WiderRule_CausesNoWarningAboutProfiles()
    {
        AllowList list = AllowList.Expand(["@seed", "@browser", "GET,POST,HEAD,OPTIONS /{all...}"]);
        RuleSet rules = RuleSet.Compile(list.Rules);
        Assert.IsNotEmpty(rules.Warnings);
        Assert.IsEmpty(list.WarningsToReport(rules));
    }

    [TestMethod]
    public void Browser_AddsOptionsOnEveryOtherPathWhereverItStands()
    {
        string[] expected = ["GET /a", "PUT /a", "OPTIONS /b", "GET /c/{x}", "OPTIONS /a", "OPTIONS /c/{x}"];
        Check(["@browser", "GET /a", "PUT /a", "OPTIONS /b", "GET /c/{x}"], expected);
        Check(["GET /a", "PUT /a", "OPTIONS /b", "@browser", "GET /c/{x}", "@browser"], expected);
        Check(["@browser"]);
    }

    [TestMethod]
    public void InvalidLines_AreReported_AndTheOthersStay()
    {
        AllowList list = AllowList.Expand(["GET /a", "GET", "  @clinets", "@", "GET /b"]);
        Assert.AreEqual("GET /a|GET /b", string.Join('|', list.Rules));
        Assert.AreEqual(
            "1 PathMissing 4|2 UnknownProfile 3|3 UnknownProfile 1",
            string.Join('|', list.Problems.Select(bad => $"{bad.Line} {bad.Error.Kind} {bad.Error.Column}"))
        );
        StringAssert.Contains(list.Problems[1].Error.Message, "did you mean @clients?");
        StringAssert.Contains(list.Problems[2].Error.Message, "@seed, @clients");
    }

    private static void Check(string[] lines, params string[] expected)
    {
        AllowList list = AllowList.Expand(lines);
        Assert.IsEmpty(list.Problems);
        CollectionAssert.AreEqual(expected, list.Rules.Select(rule => rule.ToString()).ToArray());
    }
}
