using FastGate.Commands.Clients;
using FastGate.Commands.Install;
using FastGate.Config;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

/// <summary>What <c>install</c> writes and prints for the clients that will be used, and for --listen and
/// --allow.</summary>
[TestClass]
public sealed class ClientChoiceTests
{
    private const string Config = ".config/fastgate/fastgate.json";

    private static readonly InstallChoices Interactive = new() { IsInteractive = true };

    [TestMethod]
    [DataRow("", "@seed")]
    [DataRow("none", "@seed")]
    [DataRow("codex", "@seed")]
    [DataRow("claude-code,codex", "@seed @claude-code")]
    [DataRow("continue,zed", "@seed @continue")]
    [DataRow("openai-sdk", "@seed POST /v1/embeddings")]
    [DataRow("openai-sdk,ollama-sdk", "@seed @clients")]
    [DataRow("all", "@seed @ollama-cli @clients @browser")]
    public async Task Clients_GetTheirProfiles(string clients, string rules)
    {
        using Home home = Lingering();
        Assert.IsTrue(ClientNames.TryFindList(clients, out IReadOnlyList<Client>? chosen, out _));
        CliResult result = await home.InstallAsync(new InstallChoices(Yes: true) { Clients = chosen });
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.AreEqual(rules, RulesIn(home));
        foreach (Client client in chosen!)
            Assert.Contains($"\n{client.Title} ({client.Id})  allowed\n", result.Out);
        Assert.DoesNotContain("refused\n", result.Out);
    }

    [TestMethod]
    public async Task Settings_AreFilledInWithTheNameInTheTailnet_AfterTheVerdict()
    {
        using Home home = Lingering();
        home.WriteState(
            "tailscale-status",
            """{ "Self": { "DNSName": "box.tail1234.ts.net." }, "CurrentTailnet": { "MagicDNSEnabled": true } }"""
        );
        CliResult result = await home.InstallAsync(
            new InstallChoices(Yes: true) { Clients = [ClientCatalog.Find("codex")!] }
        );
        string[] parts =
        [
            "PASS     the gate adds",
            "FastGate is installed, and the checks passed.",
            "Clients use\n  http://box.tail1234.ts.net:11434\n  http://100.87.6.5:11434\n",
            "Codex (codex)  allowed\n",
            "CODEX_OSS_BASE_URL=http://box.tail1234.ts.net:11434/v1 codex --oss -m MODEL:TAG",
            "Program  ~/",
            "\"src\": [\"group:ai-users\"], \"dst\": [\"ai-server\"], \"ip\": [\"tcp:11434\"]",
            "\"src\": [\"tag:ai-client\"], \"dst\": [\"tag:ai-server\"], \"ip\": [\"tcp:11434\"]",
        ];
        int at = 0;
        foreach (string part in parts)
        {
            int next = result.Out.IndexOf(part, at, StringComparison.Ordinal);
            Assert.IsGreaterThanOrEqualTo(at, next, $"{part} is missing or too early:\n{result.Out}");
            at = next;
        }
    }

    [TestMethod]
    [DataRow("\n", "@seed")]
    [DataRow("none\n", "@seed")]
    [DataRow("1 zed\n", "@seed @claude-code @zed")]
    [DataRow("17\nno-such, codex\ncodex, 7\n", "@seed @continue")]
    [DataRow("all\n", "@seed @ollama-cli @clients @browser")]
    public async Task OnATerminal_ClientsAreAskedFor(string answer, string rules)
    {
        using Home home = Lingering();
        CliResult result = await home.InstallAsync(Interactive, $"{answer}y\n");
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.AreEqual(rules, RulesIn(home));
        Assert.StartsWith("FastGate puts a gate between your clients and Ollama:", result.Out);
        Assert.Contains("continue       Continue: adds @continue\n", result.Out);
        Assert.Contains("codex          Codex: nothing to add\n", result.Out);
        Assert.Contains("\nSteps to run:\n  1. build the program\n", result.Out);
    }

    [TestMethod]
    public async Task Overview_AnsweredNo_ChangesNothing()
    {
        using Home home = new(isMac: false);
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync(Interactive, "y\n\nn\n");
        Assert.AreEqual(1, result.Code);
        Assert.EndsWith("Nothing was changed.", result.Out);
        home.CheckTree(before, result.Out);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("y\n")]
    [DataRow("y\n\n")]
    public async Task InputThatEnds_ChangesNothing(string input)
    {
        using Home home = new(isMac: false);
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync(Interactive, input);
        Assert.AreEqual(2, result.Code, result.Out);
        Assert.Contains("Nothing was changed.", result.Error);
        home.CheckTree(before, result.Out);
    }

    [TestMethod]
    public async Task ExistingConfig_IsRespected_AndWhatItLacksIsShown()
    {
        using Home home = Lingering();
        home.Write(Config, "{ \"allow\": [\"@codex\"] }");
        CliResult result = await home.InstallAsync(
            new InstallChoices(Yes: true) { Clients = [ClientCatalog.Find("zed")!] }
        );
        Assert.AreEqual("{ \"allow\": [\"@codex\"] }", home.Read(Config));
        Assert.Contains("Zed (zed)  refused\n  Refused: POST /api/show, POST /api/chat.\n", result.Out);
        Assert.Contains("add to \"allow\" in ~/.config/fastgate/fastgate.json:\n    \"@zed\"\n", result.Out);
        Assert.DoesNotContain("Which clients", (await home.InstallAsync(Interactive, "")).Out);
    }

    [TestMethod]
    public async Task ListenAndAllow_GoIntoTheNewConfig()
    {
        using Home home = Lingering();
        home.GatePort = 8080;
        InstallChoices choices = new(Yes: true)
        {
            Config = Flags("tailscale:8080", "@codex", "GET /api/ps"),
            Clients = [ClientCatalog.Find("zed")!],
        };
        CliResult result = await home.InstallAsync(choices);
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.Contains("\"listen\": \"tailscale:8080\"", home.Read(Config));
        Assert.AreEqual("@codex GET /api/ps @zed", RulesIn(home));
        // The same flags again change nothing.
        Assert.AreEqual(0, (await home.InstallAsync(choices with { Config = Flags("tailscale:8080") })).Code);
    }

    [TestMethod]
    public async Task FlagsThatAnExistingConfigContradicts_AreCode2()
    {
        using Home home = Lingering();
        home.Write(Config, "{ \"allow\": [\"@codex\"] }");
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync(
            new InstallChoices(Yes: true) { Config = Flags("tailscale:11434", "@zed") }
        );
        Assert.AreEqual(2, result.Code);
        Assert.Contains("~/.config/fastgate/fastgate.json exists and is left as it is", result.Error);
        home.CheckTree(before, result.Out);
    }

    [TestMethod]
    [DataRow("--allow", "@sed", "--allow (column 1): \"@sed\": this profile does not exist; did you mean @seed?")]
    [DataRow("--listen", "0.0.0.0:1", "--listen: 0.0.0.0:1 listens on every network")]
    [DataRow("--clients", "claud-code", "unknown client \"claud-code\"; did you mean claude-code?")]
    public async Task InvalidFlag_IsCode2(string flag, string value, string error)
    {
        CliResult result = await Cli.RunAsync("install", "--dry-run", flag, value);
        Assert.AreEqual(2, result.Code, result.Out);
        Assert.Contains(error, result.Error);
    }

    // One question less.
    private static Home Lingering()
    {
        Home home = new(isMac: false);
        home.WriteState("linger");
        return home;
    }

    private static string RulesIn(Home home)
    {
        string text = home.Read(Config);
        return string.Join(
            ' ',
            text[text.IndexOf("\"allow\": [", StringComparison.Ordinal)..]
                .Split('\n')
                .Where(line => line.StartsWith("    \"", StringComparison.Ordinal))
                .Select(line => line.Trim().Trim(',').Trim('"'))
        );
    }

    private static GateFile Flags(string listen, params string[] allow) =>
        new()
        {
            Listen = new(
                [new ListenerSection { On = new Sourced<string>(listen, new SourceLocation("--listen")) }],
                new SourceLocation("--listen")
            ),
            Allow =
                allow.Length == 0
                    ? null
                    : new(
                        [.. allow.Select(line => new Sourced<string>(line, new SourceLocation("--allow")))],
                        new SourceLocation("--allow")
                    ),
        };
}
