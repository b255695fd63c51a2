using FastGate.Proxy.Rules;
using static FastGate.Proxy.Rules.RuleWarningKind;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class RuleWarningsTests
{
    [TestMethod]
    public void RulesThatAddSomething_AreNotReported()
    {
        Check(
            ["GET /a", "POST /a", "GET /{x}", "GET /a/{x}", "GET /{x}/a", "GET /{rest...}", "GET /"],
            (Shadowed, 0, 2),
            (Shadowed, 2, 5),
            (Shadowed, 3, 5),
            (Shadowed, 4, 5)
        );
        Check(["GET /a", "POST /a", "GET /b/{x}", "POST /b/{y}", "GET,PUT /a"]);
    }

    [TestMethod]
    public void SameShapeAndMethod_IsADuplicateOfTheFirst()
    {
        Check(["GET /a", "GET /a"], (Duplicate, 1, 0));
        Check(["GET,HEAD /a/{x}", "HEAD /a/{y}"], (Duplicate, 1, 0));
        Check(["GET /a", "HEAD /a", "GET,HEAD /a"], (Duplicate, 2, 0));
        Check(["GET /{x...}", "GET /{y...}"], (Duplicate, 1, 0));
        Check(["GET /", "GET /"], (Duplicate, 1, 0));
    }

    [TestMethod]
    public void WiderRule_ShadowsInAnyPosition()
    {
        Check(["GET /v1/models/{model}", "GET /v1/models/llama"], (Shadowed, 1, 0));
        Check(["GET /a/b/c", "GET /a/{rest...}"], (Shadowed, 0, 1));
        Check(["GET /a/{x}/c", "GET /{x}/{y}/c"], (Shadowed, 0, 1));
        Check(["GET /a/{rest...}", "GET /{rest...}"], (Shadowed, 0, 1));
    }

    [TestMethod]
    public void RuleThatIsOnlyPartlyWider_DoesNotShadow()
    {
        Check(["GET,POST /a", "GET /{x}"]);
        Check(["GET /a/{rest...}", "GET /a/{x}/{y}"], (Shadowed, 1, 0));
        Check(["GET /{x}", "GET /{y}/{rest...}"]);
        Check(["GET /{rest...}", "GET /a%C3%A9"]); // no parameter matches a byte beyond ASCII
        Check(["GET /{rest...}", "GET /"]);
    }

    [TestMethod]
    public void LowerCaseMethod_IsReported()
    {
        Check(["get /a"], (LowerCaseMethod, 0, -1));
        Check(["GET,Post /a"], (LowerCaseMethod, 0, -1));
    }

    [TestMethod]
    [DataRow("GTE /api/ps", "no Ollama client sends the method GTE; did you mean GET?")]
    [DataRow("POSR /api/chat", "no Ollama client sends the method POSR; did you mean POST?")]
    [DataRow("GET,HEDA /api/tags", "no Ollama client sends the method HEDA; did you mean HEAD?")]
    [DataRow("OPTION /api/tags", "no Ollama client sends the method OPTION; did you mean OPTIONS?")]
    [DataRow(
        "PROPFIND /api/tags",
        "no Ollama client sends the method PROPFIND; the usual methods are GET, HEAD, POST, "
    )]
    public void UnknownMethod_IsReportedWithTheNearest(string rule, string message)
    {
        RuleWarning warning = RuleSet.Compile([Rule.Parse(rule)]).Warnings.Single();
        Assert.AreEqual(UnknownMethod, warning.Kind);
        Assert.StartsWith(message, warning.Message);
    }

    [TestMethod]
    public void UsualMethods_AreNotReported() => Check(["GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS,TRACE,CONNECT /a"]);

    [TestMethod]
    public void RuleThatIsLeftOut_IsReported()
    {
        string[] rules =
        [
            .. Enumerable.Range(0, 17).Select(level => $"GET {string.Concat(Enumerable.Repeat("/a", level))}/{{x...}}"),
        ];
        RuleSet compiled = RuleSet.Compile([.. rules.Select(Rule.Parse)]);
        RuleWarning leftOut = compiled.Warnings.Single(warning => warning.IsLeftOut);
        Assert.AreEqual((TooAmbiguous, 16, -1), (leftOut.Kind, leftOut.RuleIndex, leftOut.OtherIndex));
    }

    private static void Check(string[] rules, params (RuleWarningKind Kind, int Rule, int Other)[] expected)
    {
        RuleSet compiled = RuleSet.Compile([.. rules.Select(Rule.Parse)]);
        CollectionAssert.AreEqual(
            expected,
            compiled.Warnings.Select(warning => (warning.Kind, warning.RuleIndex, warning.OtherIndex)).ToArray(),
            string.Join('\n', compiled.Warnings.Select(warning => warning.Message))
        );
        Assert.IsTrue(compiled.Warnings.All(warning => warning.Message.Length > 20));
    }
}
