using FastGate.Proxy.Rules;
using static FastGate.Proxy.Rules.RouteMatchKind;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class RuleSetTests
{
    private static readonly string[] Seed =
    [
        "GET,HEAD /v1/models",
        "GET,HEAD /v1/models/{model}",
        "POST /v1/messages",
        "GET /",
        "POST /files/{path...}",
    ];

    [TestMethod]
    [DataRow("GET", "/", Allowed, 3)]
    [DataRow("HEAD", "/v1/models", Allowed, 0)]
    [DataRow("GET", "/v1/models/qwen2.5-coder:32b", Allowed, 1)]
    [DataRow("GET", "/v1/models/qwen2.5-coder%3A32b", Allowed, 1)]
    [DataRow("POST", "/files/a", Allowed, 4)]
    [DataRow("POST", "/files/a/b/c", Allowed, 4)]
    [DataRow("POST", "/", MethodNotAllowed, -1)]
    [DataRow("get", "/v1/models", MethodNotAllowed, -1)]
    [DataRow("GETX", "/v1/models", MethodNotAllowed, -1)]
    [DataRow("GE", "/v1/models", MethodNotAllowed, -1)]
    [DataRow("", "/v1/models", MethodNotAllowed, -1)]
    [DataRow("GET", "", UnknownPath, -1)]
    [DataRow("GET", "*", UnknownPath, -1)]
    [DataRow("GET", "v1/models", UnknownPath, -1)]
    [DataRow("GET", "//", UnknownPath, -1)]
    [DataRow("GET", "/v1", UnknownPath, -1)]
    [DataRow("GET", "/V1/models", UnknownPath, -1)]
    [DataRow("GET", "/v1/model", UnknownPath, -1)]
    [DataRow("GET", "/v1/modelsx", UnknownPath, -1)]
    [DataRow("GET", "/v1/models/", UnknownPath, -1)]
    [DataRow("GET", "/v1//models", UnknownPath, -1)]
    [DataRow("GET", "/%761/models", UnknownPath, -1)]
    [DataRow("GET", "/v1/models/hf.co%2Fuser%2Fmodel:tag", UnknownPath, -1)]
    [DataRow("GET", "/v1/models/..", UnknownPath, -1)]
    [DataRow("GET", "/v1/models/a/b", UnknownPath, -1)]
    [DataRow("GET", "/v1/GET", UnknownPath, -1)]
    [DataRow("POST", "/files", UnknownPath, -1)]
    [DataRow("POST", "/files/", UnknownPath, -1)]
    [DataRow("POST", "/files/a//b", UnknownPath, -1)]
    [DataRow("POST", "/files/a/../b", UnknownPath, -1)]
    public void Request_HasItsMatch(string method, string path, object kind, int rule) =>
        Check(Seed, method, path, (RouteMatchKind)kind, rule);

    [TestMethod]
    public void LiteralParameterAndRest_WinInThisOrder()
    {
        string[] rules = ["GET /a/{rest...}", "GET /a/{x}", "GET /a/b"];
        Check(rules, "GET", "/a/b", Allowed, 2);
        Check(rules, "GET", "/a/c", Allowed, 1);
        Check(rules, "GET", "/a/b/c", Allowed, 0);
    }

    [TestMethod]
    public void FailedLiteral_FallsBackToTheParameter()
    {
        string[] rules = ["GET /a/b/c", "GET /{x}/b/d", "GET /a/{y}/e", "GET /{rest...}"];
        Check(rules, "GET", "/a/b/c", Allowed, 0);
        Check(rules, "GET", "/a/b/d", Allowed, 1);
        Check(rules, "GET", "/a/b/e", Allowed, 2);
        Check(rules, "GET", "/a/b/f", Allowed, 3);
    }

    [TestMethod]
    public void MethodMissingAtTheLiteral_IsFoundAtTheParameter()
    {
        string[] rules = ["GET /a/b", "POST /a/{x}"];
        Check(rules, "POST", "/a/b", Allowed, 1);
        Check(rules, "PUT", "/a/b", MethodNotAllowed, -1);
    }

    [TestMethod]
    public void PartOfARunOfLiterals_DoesNotMatch()
    {
        string[] rules = ["GET /v1/chat/completions", "GET /{a}/{b}/x"];
        Check(rules, "GET", "/v1/chat/x", Allowed, 1);
        Check(rules, "GET", "/v1/chat", UnknownPath, -1);
        Check(rules, "GET", "/v1/chat/completionsx", UnknownPath, -1);
        Check(rules, "GET", "/v1/chat/completions/x", UnknownPath, -1);
        Check(rules, "GET", "/v1/chat/completion", UnknownPath, -1);
    }

    [TestMethod]
    public void Rest_DoesNotMatchTheRoot()
    {
        Check(["GET /{rest...}"], "GET", "/", UnknownPath, -1);
        Check(["GET /"], "GET", "/a", UnknownPath, -1);
    }

    [TestMethod]
    public void MethodsAndSegments_AreNotConfused()
    {
        string[] rules = ["GET /a", "GET /a/b", "GET /GET"];
        Check(rules, "/b", "/a", MethodNotAllowed, -1);
        Check(rules, "/a", "/", UnknownPath, -1);
        Check(rules, "GET", "/a/GET", UnknownPath, -1);
    }

    [TestMethod]
    public void NoRules_AllowNothing()
    {
        Check([], "GET", "/", UnknownPath, -1);
        Check([], "GET", "/a", UnknownPath, -1);
        Assert.IsFalse(default(RouteMatch).Allowed);
        Assert.AreEqual(-1, default(RouteMatch).RuleIndex);
    }

    [TestMethod]
    public void ListChangedAfterCompiling_ChangesNothing()
    {
        List<Rule> given = [Rule.Parse("GET /a")];
        RuleSet rules = RuleSet.Compile(given);
        given.Clear();
        Assert.HasCount(1, rules.Items);
    }

    private static void Check(string[] rules, string method, string path, RouteMatchKind kind, int rule)
    {
        RuleSet compiled = RuleSet.Compile([.. rules.Select(Rule.Parse)]);
        RouteMatch match = compiled.Match(Ascii.Bytes(method), Ascii.Bytes(path));
        Assert.AreEqual(
            (kind, rule, kind == Allowed),
            (match.Kind, match.RuleIndex, match.Allowed),
            $"{method} {path}"
        );
    }
}
