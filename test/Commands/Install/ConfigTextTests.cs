using FastGate.Commands.Install;
using FastGate.Config;
using FastGate.Test.Config;

namespace FastGate.Test.Commands.Install;

[TestClass]
public sealed class ConfigTextTests
{
    [TestMethod]
    public void DefaultConfig_EqualsTheBuiltInDefaults()
    {
        GatePlan plan = Configs.Plan(ConfigText.Of([]));
        GatePlan defaults = Configs.Plan("{}");
        Assert.AreEqual(string.Join('\n', RulesOf(defaults)), string.Join('\n', RulesOf(plan)));
        Assert.AreEqual(defaults.Upstream, plan.Upstream);
        Assert.AreEqual("tailscale:11434", plan.Listeners[0].Options.Address.ToString());
    }

    [TestMethod]
    public void AddedSettings_AreReadBack()
    {
        GatePlan plan = Configs.Plan(ConfigText.Of(["POST /api/chat"], "tailscale:8080", "127.0.0.1:9"));
        Assert.Contains("POST /api/chat", RulesOf(plan));
        Assert.AreEqual("tailscale:8080", plan.Listeners[0].Options.Address.ToString());
        Assert.AreEqual("127.0.0.1:9", plan.Upstream.ToString());
    }

    private static string[] RulesOf(GatePlan plan) =>
        [.. plan.Listeners[0].Options.Policy.Rules.Items.Select(rule => rule.ToString())];
}
