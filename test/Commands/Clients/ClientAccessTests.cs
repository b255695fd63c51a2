using FastGate.Commands.Clients;
using FastGate.Test.Config;

namespace FastGate.Test.Commands.Clients;

[TestClass]
public sealed class ClientAccessTests
{
    [TestMethod]
    [DataRow("claude-code", "Partly", "@claude-code")]
    [DataRow("codex", "Allowed", "")]
    [DataRow("openai-sdk", "Partly", "POST /v1/embeddings")]
    [DataRow("aider", "Allowed", "")]
    [DataRow("aider-ollama", "Refused", "@aider")]
    [DataRow("ollama-cli", "Refused", "@ollama-cli")]
    [DataRow("browser", "Refused", "@clients, @browser")]
    public void DefaultRules_DecideEachClient(string id, string outcome, string add)
    {
        ClientAccess access = ClientScene.Access("{}", id);
        Assert.AreEqual(outcome, access.Outcome.ToString());
        Assert.AreEqual(add, string.Join(", ", access.Add));
    }

    [TestMethod]
    [DataRow("""{ "allow": ["@seed", "@claude-code"] }""")]
    [DataRow("""{ "allow": ["@clients"] }""")]
    [DataRow("""{ "allow": ["GET,HEAD,POST /{rest...}", "HEAD /"] }""")]
    public void AnyRulesThatAllowIt_AreEnough(string config) =>
        Assert.AreEqual(ClientOutcome.Allowed, ClientScene.Access(config, "claude-code").Outcome);

    [TestMethod]
    public void SeveralListeners_TheOneThatAllowsMostIsUsed()
    {
        const string Config = """
            {
              "listen": [
                "tailscale:11434",
                { "on": "10.0.0.5:11500", "allow": ["@zed"] }
              ]
            }
            """;
        Assert.AreEqual("http://10.0.0.5:11500", ClientScene.Access(Config, "zed").Url!.ToString());
        Assert.AreEqual("http://box.tail1234.ts.net:11434", ClientScene.Access(Config, "codex").Url!.ToString());
    }

    // A Headscale server has a domain of its own.
    [TestMethod]
    [DataRow("{}", true)]
    [DataRow("""{ "hosts": ["*.tail.example.com"] }""", false)]
    public void NameThatTheGateDoesNotAccept_IsRefused(string config, bool isForeign)
    {
        ClientReport report = ClientScene.Report(
            config,
            ClientScene.Tailscale with
            {
                Name = "box.tail.example.com",
            },
            "codex"
        );
        Assert.AreEqual(isForeign, report.Clients[0].IsForeignHost);
        Assert.AreEqual(isForeign, report.Clients[0].Outcome == ClientOutcome.Refused);
        Assert.IsEmpty(report.Clients[0].Add);
    }
}

[TestClass]
public sealed class GateUrlTests
{
    [TestMethod]
    [DataRow("{}", true, "http://box.tail1234.ts.net:11434 http://100.87.6.5:11434")]
    [DataRow("{}", false, "http://100.87.6.5:11434")]
    [DataRow("""{ "listen": "100.87.6.5:80" }""", true, "http://box.tail1234.ts.net:80 http://100.87.6.5:80")]
    [DataRow("""{ "listen": "eth0:11434" }""", true, "http://10.0.0.5:11434")]
    [DataRow("""{ "listen": "wg0:11434" }""", true, "")]
    [DataRow(
        """{ "listen": ["127.0.0.1:11435", "eth0:11434", "[::1]:11436"] }""",
        true,
        "http://10.0.0.5:11434 http://127.0.0.1:11435 http://[::1]:11436"
    )]
    [DataRow(
        """{ "listen": "0.0.0.0:11435", "public": true }""",
        true,
        "http://box.tail1234.ts.net:11435 http://10.0.0.5:11435 http://100.87.6.5:11435 http://127.0.0.1:11435"
    )]
    public void Urls_AreTheNameThenTheAddresses(string config, bool hasStatus, string urls) =>
        Assert.AreEqual(
            urls,
            string.Join(
                ' ',
                GateUrl.Of(Configs.Plan(config), Configs.Machine, hasStatus ? ClientScene.Tailscale : null)
            )
        );

    [TestMethod]
    public void WithoutMagicDns_TheNameIsNotUsed() =>
        Assert.AreEqual(
            "http://100.87.6.5:11434",
            string.Join(
                ' ',
                GateUrl.Of(Configs.Plan("{}"), Configs.Machine, ClientScene.Tailscale with { HasMagicDns = false })
            )
        );
}
