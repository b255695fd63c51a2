using System.Text.Json;
using FastGate.Commands.Clients;
using FastGate.Commands.Shared;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Clients;

[TestClass]
public sealed class ClientsVerbTests
{
    [TestMethod]
    public void NamedClient_ItsSettingsAreFilledIn()
    {
        (int code, string text) = Run(ClientScene.Report("{}", ClientScene.Tailscale, "claude-code", "codex"));
        Assert.AreEqual(0, code);
        Assert.AreEqual(
            """
            Clients use
              http://box.tail1234.ts.net:11434
              http://100.87.6.5:11434

            Claude Code (claude-code)  works, with some requests refused
              Refused: HEAD /, HEAD /api/hello, POST /v1/messages/count_tokens; it estimates token counts itself, and loses a round trip to each refused probe.
              To allow all of it, add to "allow" in ~/.config/fastgate/fastgate.json:
                "@claude-code"
                ANTHROPIC_BASE_URL=http://box.tail1234.ts.net:11434 ANTHROPIC_AUTH_TOKEN=ollama ANTHROPIC_API_KEY= ANTHROPIC_DEFAULT_HAIKU_MODEL=MODEL claude --model MODEL
              The URL must not end in /v1.

            Codex (codex)  allowed
              In a shell:
                CODEX_OSS_BASE_URL=http://box.tail1234.ts.net:11434/v1 codex --oss -m MODEL:TAG
              In ~/.codex/config.toml:
                model = "MODEL:TAG"
                model_provider = "fastgate"

                [model_providers.fastgate]
                name = "Ollama through FastGate"
                base_url = "http://box.tail1234.ts.net:11434/v1"
                wire_api = "responses"
              Write the model's tag: without it, codex --oss asks for a pull, which is refused.

            MODEL is a name that "ollama list" shows on this machine.
            """,
            text
        );
    }

    [TestMethod]
    public void NamedClientThatIsRefused_IsCode1_AndSaysWhatToAdd()
    {
        (int code, string text) = Run(ClientScene.Report("{}", ClientScene.Tailscale, "zed"));
        Assert.AreEqual(1, code);
        Assert.Contains("Zed (zed)  refused\n  Refused: POST /api/chat.\n", text);
        Assert.Contains("    \"@zed\"\n", text);
    }

    [TestMethod]
    public void NoAddress_IsCode1_AndTheSettingsKeepTheirPlaceholder()
    {
        (int code, string text) = Run(ClientScene.Report("""{ "listen": "wg0:1234" }""", null, "curl"));
        Assert.AreEqual(1, code);
        Assert.StartsWith("This machine has no address for wg0:1234 now: clients cannot connect.", text);
        Assert.Contains("\n    curl http://HOST:11434/v1/models", text);
    }

    [TestMethod]
    public void ForeignName_IsToBeAddedToHosts() =>
        Assert.Contains(
            "The gate does not accept box.example.com as a name of this machine: add it to \"hosts\" in ~/",
            Run(ClientScene.Report("{}", ClientScene.Tailscale with { Name = "box.example.com" }, "codex")).Text
        );

    [TestMethod]
    public void Json_HasEveryClient()
    {
        StringWriter @out = new();
        int code = ClientsVerb.Run(
            ClientScene.Report("{}", ClientScene.Tailscale),
            isNamed: false,
            json: true,
            new Terminal(@out, new StringWriter())
        );
        Assert.AreEqual(0, code);
        JsonElement root = JsonDocument.Parse(@out.ToString()).RootElement;
        Assert.AreEqual("http://box.tail1234.ts.net:11434", root.GetProperty("urls")[0].GetString());
        JsonElement[] clients = [.. root.GetProperty("clients").EnumerateArray()];
        Assert.HasCount(ClientCatalog.All.Count, clients);
        JsonElement zed = clients.Single(client => client.GetProperty("id").GetString() == "zed");
        Assert.AreEqual("refused", zed.GetProperty("outcome").GetString());
        Assert.AreEqual("@zed", zed.GetProperty("add")[0].GetString());
        Assert.AreEqual("POST /api/chat", zed.GetProperty("refused")[0].GetString());
        Assert.Contains(
            "http://box.tail1234.ts.net:11434",
            zed.GetProperty("settings")[0].GetProperty("text").GetString()!
        );
    }

    [TestMethod]
    [DataRow("claud-code", "fastgate clients: unknown client \"claud-code\"; did you mean claude-code?")]
    [DataRow("frobnicate", "fastgate clients: unknown client \"frobnicate\"; the clients are claude-code, codex, ")]
    public async Task UnknownClient_IsCode2(string name, string error)
    {
        CliResult result = await Cli.RunAsync("clients", name);
        Assert.AreEqual(2, result.Code);
        Assert.StartsWith(error, result.Error);
    }

    [TestMethod]
    public async Task OtherRules_AreTested()
    {
        string[] common = ["clients", "zed", "--config", Cli.Empty, "--listen", "127.0.0.1:11435"];
        Assert.AreEqual(1, (await Cli.RunAsync(common)).Code);
        CliResult result = await Cli.RunAsync([.. common, "--allow", "@zed"]);
        Assert.AreEqual(0, result.Code, result.Out);
        Assert.Contains("http://127.0.0.1:11435  (this machine only)", result.Out);
    }

    private static (int Code, string Text) Run(ClientReport report)
    {
        StringWriter @out = new();
        int code = ClientsVerb.Run(report, isNamed: true, json: false, new Terminal(@out, new StringWriter()));
        return (code, @out.ToString().ReplaceLineEndings("\n").TrimEnd('\n'));
    }
}
