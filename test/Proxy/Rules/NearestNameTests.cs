using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class NearestNameTests
{
    [TestMethod]
    [DataRow("@Seed", "@seed")]
    [DataRow("@sed", "@seed")]
    [DataRow("@claudecode", "@claude-code")]
    [DataRow("@open_webui", "@open-webui")]
    [DataRow("@vs-code", "@vscode")]
    [DataRow("@openwebui", "@open-webui")]
    [DataRow("@something-else", null)]
    [DataRow("", null)]
    public void Typo_FindsTheNearestName(string name, string? nearest) => Check(name, nearest);

    private static void Check(string name, string? nearest) =>
        Assert.AreEqual(nearest, NearestName.Of(name, Profiles.Names));
}
