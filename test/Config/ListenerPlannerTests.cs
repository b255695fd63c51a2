using FastGate.Config;

namespace FastGate.Test.Config;

[TestClass]
public sealed class ListenerPlannerTests
{
    [TestMethod]
    public void EachListener_HasItsOwnRulesAndPeers_OrTheFiles()
    {
        GatePlan plan = Configs.Plan(
            """
            {
              "allow": ["GET /all", "@zed"],
              "from": ["10.0.0.0/8"],
              "listen": ["127.0.0.1:1", { "on": "127.0.0.1:2", "allow": ["GET /own"], "from": ["10.0.0.7"] }]
            }
            """
        );
        Assert.AreEqual("GET /all", plan.Listeners[0].Options.Policy.Rules.Items[0].ToString());
        Assert.AreEqual("10.0.0.0/8", plan.Listeners[0].Options.From!.Single().ToString());
        Assert.AreEqual("line 2", plan.Listeners[0].OriginOf(0));
        Assert.AreEqual("@zed", plan.Listeners[0].OriginOf(1));
        Assert.AreEqual("GET /own", plan.Listeners[1].Options.Policy.Rules.Items.Single().ToString());
        Assert.AreEqual("10.0.0.7", plan.Listeners[1].Options.From!.Single().ToString());
        Assert.AreEqual("line 4", plan.Listeners[1].OriginOf(0));
    }

    [TestMethod]
    [DataRow("0.0.0.0:1")]
    [DataRow("[::]:1")]
    public void UnspecifiedAddress_NeedsPublic_AndIsAWarning(string on)
    {
        Assert.Contains("\"public\": true", Configs.Problems($$"""{"listen": "{{on}}"}"""));
        string open = $$"""{"listen": "{{on}}", "public": true}""";
        Assert.AreEqual("", Configs.Problems(open));
        Assert.Contains("listens on every network", Configs.Warnings(open));
    }

    [TestMethod]
    [DataRow("{\"listen\": []}", "nothing would be served")]
    [DataRow("{\"from\": []}", "no one could connect")]
    [DataRow("{\"listen\": [{\"on\": \"127.0.0.1:1\", \"from\": []}]}", "no one could connect")]
    [DataRow("{\"listen\": \"localhost:1\"}", "write 127.0.0.1:1 or [::1]:1")]
    public void InvalidListener_IsAProblem(string file, string problem) =>
        Assert.Contains(problem, Configs.Problems(file));

    [TestMethod]
    [DataRow("GET /a\", \"GET /a", "\"GET /a\" repeats \"GET /a\"; remove it")]
    [DataRow("GET /a/b\", \"GET /a/{x}", "allows nothing that \"GET /a/{x}\" does not allow")]
    [DataRow("get /a", "write GET")]
    [DataRow("POST /api/pull", "allows POST /api/pull; anyone who may connect")]
    [DataRow("POST /api/{any}", "allows POST /api/pull, POST /api/push")]
    public void QuestionableRule_IsAWarning(string rules, string warning)
    {
        string file = $$"""{"allow": ["{{rules}}"]}""";
        Assert.AreEqual("", Configs.Problems(file));
        Assert.Contains(warning, Configs.Warnings(file));
    }

    [TestMethod]
    public void NoRules_IsAWarning() =>
        Assert.Contains("every request is refused", Configs.Warnings("""{"allow": []}"""));

    [TestMethod]
    public void CombinedProfiles_HaveNoWarning() =>
        Assert.AreEqual("", Configs.Warnings("""{"allow": ["@seed", "@clients", "@browser", "@zed"]}"""));

    [TestMethod]
    public void RulesSharedByListeners_AreReportedOnce()
    {
        Assert.HasCount(1, Configs.Read("""{"allow": ["GET a"], "listen": ["127.0.0.1:1", "127.0.0.1:2"]}""").Problems);
        Assert.HasCount(
            1,
            Configs.Read("""{"allow": ["get /a"], "listen": ["127.0.0.1:1", "127.0.0.1:2"]}""").Warnings
        );
    }

    [TestMethod]
    public void EscapedRule_IsReportedAtItsBeginning() =>
        Assert.StartsWith("fastgate.json:1:12: allow[0]:", Configs.Problems("{\"allow\": [\"GET \\u0061\"]}"));
}
