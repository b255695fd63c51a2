using System.Text;
using FastGate.Commands.Clients;
using FastGate.Proxy.Rules;
using FastGate.Test.Replay;

namespace FastGate.Test.Commands.Clients;

[TestClass]
public sealed class ClientCatalogTests
{
    public static IEnumerable<object[]> Ids => ClientCatalog.All.Select(client => (object[])[client.Id]);

    [TestMethod]
    [DynamicData(nameof(Ids))]
    public void OwnAllowlist_AllowsEveryRequest(string id)
    {
        Client client = ClientCatalog.Find(id)!;
        ClientAccess access = ClientScene.Access(ClientScene.Allow(client.Allow), id);
        Assert.AreEqual(ClientOutcome.Allowed, access.Outcome, string.Join(", ", access.Missing));
        Assert.IsEmpty(access.Add);
    }

    [TestMethod]
    [DynamicData(nameof(Ids))]
    public void OwnAllowlist_HasNoLineTooMany(string id)
    {
        Client client = ClientCatalog.Find(id)!;
        foreach (string line in client.Allow)
        {
            string[] others = [.. client.Allow.Where(other => other != line)];
            ClientAccess access = ClientScene.Access(ClientScene.Allow([.. others, "GET /other"]), id);
            Assert.AreNotEqual(ClientOutcome.Allowed, access.Outcome, line);
            Assert.Contains(line, access.Add);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Ids))]
    public void Settings_NameTheGate_AndWhatIsMissed(string id)
    {
        Client client = ClientCatalog.Find(id)!;
        Assert.AreEqual(client.Uses.Count > 0, client.Without is not null);
        foreach (ClientSetting setting in client.Settings)
            Assert.Contains("[fd7a::1]:1234", setting.Text("[fd7a::1]:1234"), setting.Template);
    }

    /// <summary>A client that sends more than the catalog says would meet a 403 by surprise.</summary>
    [TestMethod]
    [DataRow("claude-code-2.1.197", "claude-code")]
    [DataRow("claude-code-2.1.197-context-and-discovery", "claude-code")]
    [DataRow("claude-code-2.1.329", "claude-code")]
    [DataRow("claude-code-2.1.329-context-and-discovery", "claude-code")]
    [DataRow("codex-0.169-oss", "codex")]
    [DataRow("codex-0.169-responses", "codex")]
    [DataRow("continue-cli-1.5.47", "continue-cli")]
    [DataRow("sdks-js", "openai-sdk", "anthropic-sdk", "ollama-sdk")]
    public void RecordedRequest_IsOneOfTheCatalog(string recording, params string[] ids)
    {
        RuleSet rules = RuleSet.Compile([
            .. ids.Select(id => ClientCatalog.Find(id)!)
                .SelectMany(client => client.Needs.Concat(client.Uses))
                .Distinct()
                .Select(Rule.Parse),
        ]);
        Capture[] captures =
        [
            .. Captures.All.Where(capture => capture.Name.StartsWith($"{recording}/", StringComparison.Ordinal)),
        ];
        Assert.IsNotEmpty(captures);
        foreach (Capture capture in captures)
        {
            string path = capture.Target.Split('?')[0];
            // No rule allows a slash inside a segment.
            if (!path.Contains("%2F", StringComparison.Ordinal))
                Assert.IsTrue(
                    rules.Match(Encoding.ASCII.GetBytes(capture.Method), Encoding.ASCII.GetBytes(path)).Allowed,
                    $"{capture.Method} {path}"
                );
        }
    }

    [TestMethod]
    public void EveryProfileOfAClient_IsNamed()
    {
        HashSet<string> named = [.. ClientCatalog.All.SelectMany(client => client.Allow)];
        foreach (string profile in Profiles.Names.Where(name => name != Profiles.LlamaCpp))
            Assert.Contains(profile, named);
    }
}
