using FastGate.Commands.Install;
using FastGate.Commands.Shared;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

[TestClass]
public sealed class MacTests
{
    public static IEnumerable<object[]> Scenarios => Scenario.OnMac.Select(name => (object[])[name]);

    [TestMethod]
    [DynamicData(nameof(Scenarios))]
    public async Task InstallAndUninstall_LeaveNothingBehind(string scenario)
    {
        using Home home = Scenario.Mac(scenario);
        string[] before = home.Tree();

        CliResult installed = await home.InstallAsync();
        Assert.AreEqual(scenario is "bare" or "foreign" ? 1 : 0, installed.Code, $"{installed.Out}\n{installed.Error}");
        Assert.IsTrue(home.IsLoaded("com.fastgate"));
        Assert.AreEqual("version 1", home.Read(".local/bin/fastgate"));
        Assert.DoesNotContain("tailscale", string.Join('\n', home.Calls), "only its interface is needed");

        await home.CheckReinstallAndUninstallAsync(before);
    }

    [TestMethod]
    [DynamicData(nameof(Scenarios))]
    public async Task DryRun_ChangesNothing(string scenario)
    {
        using Home home = Scenario.Mac(scenario);
        string[] before = home.Tree(withTimes: true);
        CliResult shown = await home.InstallAsync(new InstallChoices(DryRun: true));
        Assert.AreEqual(0, shown.Code, shown.Error);
        home.CheckTree(before, "", withTimes: true);
        Assert.IsEmpty(home.Calls);
    }

    [TestMethod]
    [DataRow("ollama")]
    [DataRow("haproxy")]
    [DataRow("brew")]
    [DataRow("open")]
    public async Task AnyFailingCommand_IsRolledBack(string scenario)
    {
        int failed = 0;
        for (int n = 1; ; n++)
        {
            using Home home = Scenario.Mac(scenario);
            string[] before = home.Tree();
            FailingRunner runner = new(home.Runner) { FailsAt = n };
            home.Runner = runner;
            CliResult result = await home.InstallAsync();
            if (!runner.HasFailed)
                break;
            Assert.DoesNotContain("UNDO FAILED", result.Out);
            if (result.Code == 2)
            {
                failed++;
                home.CheckTree(before, $"command {n}:\n{result.Out}");
                Assert.Contains("was rolled back. Nothing was changed.", result.Out);
            }
            else
            {
                // A read-only command failed, and the installation succeeded without it.
                Assert.AreEqual(0, (await home.UninstallAsync()).Code);
                home.CheckTree(before, $"command {n}:\n{result.Out}");
            }
        }
        Assert.IsGreaterThanOrEqualTo(2, failed);
    }

    [TestMethod]
    public async Task SeedHaproxyConfig_IsMigrated()
    {
        using Home home = Scenario.Mac("haproxy");
        CliResult result = await home.InstallAsync();
        Assert.IsFalse(home.IsLoaded("com.haproxy"));
        Assert.IsFalse(home.Has("Library/LaunchAgents/com.haproxy.plist"));
        Assert.AreEqual(
            "127.0.0.1",
            home.Read("Library/LaunchAgents/com.ollama.plist").Split("<string>")[4].Split('<')[0],
            "it was already restricted, so it is unchanged"
        );
        Assert.Contains("/v1/models…            GET,HEAD /v1/models; GET,HEAD /v1/models/{model}", result.Out);
        Assert.Contains("/api/chat              POST /api/chat (added)", result.Out);
        Assert.Contains(
            "/api/pull              nothing: routes that manage models or the server are never added",
            result.Out
        );
        Assert.Contains("\"POST /api/chat\",", home.Read(".config/fastgate/fastgate.json"));
        Assert.DoesNotContain("pull", home.Read(".config/fastgate/fastgate.json"));
        Assert.Contains("\"dst\": [\"tag:ai-server\"], \"ip\": [\"tcp:11434\"]", result.Out);
        Assert.Contains("PASS     POST /api/pull is refused at 100.87.6.5:11434", result.Out);
    }

    [TestMethod]
    public async Task HaproxyOnAnotherPort_IsFollowedThere()
    {
        using Home home = Scenario.Mac("haproxy");
        home.GatePort = 8080;
        home.Write(
            ".haproxy/haproxy.cfg",
            Scenario.HaproxyConfig.Replace("bind 100.87.6.5:11434", "bind 100.87.6.5:8080", StringComparison.Ordinal)
        );
        CliResult result = await home.InstallAsync();
        Assert.Contains("\"listen\": \"tailscale:8080\"", home.Read(".config/fastgate/fastgate.json"));
        Assert.Contains("is refused at 100.87.6.5:8080", result.Out);
        Assert.Contains("\"dst\": [\"tag:ai-server\"], \"ip\": [\"tcp:8080\"]", result.Out);
    }

    [TestMethod]
    public async Task OpenOllama_IsRestricted_AndItsAgentKeepsTheRest()
    {
        using Home home = Scenario.Mac("open");
        await home.InstallAsync();
        string agent = home.Read("Library/LaunchAgents/com.ollama.plist");
        Assert.Contains("<string>127.0.0.1:11434</string>", agent);
        Assert.Contains("<key>KeepAlive</key>", agent);
        Assert.Contains("0.0.0.0", home.Read("Library/LaunchAgents/com.ollama.plist.before-fastgate"));
        Assert.IsTrue(home.IsLoaded("com.ollama"));
        Assert.Contains("launchctl bootout gui/501/com.ollama", home.Calls);
    }

    [TestMethod]
    public async Task OllamaApp_IsLeftInPlace_AndItsSettingIsNamed()
    {
        using Home home = Scenario.Mac("app");
        CliResult result = await home.InstallAsync();
        Assert.IsFalse(home.IsLoaded("com.ollama"));
        Assert.Contains("Turn off \"Expose Ollama to the network\"", result.Out);
        Assert.Contains("launchctl unsetenv OLLAMA_HOST", result.Out);
    }

    [TestMethod]
    public async Task WithoutOllama_OnlyTheGateIsInstalled()
    {
        using Home home = Scenario.Mac("open");
        // Without input: there is no prompt about what is left in place.
        CliResult result = await home.InstallAsync(new InstallChoices(WithOllama: false));
        Assert.AreEqual("", result.Error);
        Assert.DoesNotContain("com.ollama", string.Join('\n', home.Calls));
        Assert.Contains("0.0.0.0", home.Read("Library/LaunchAgents/com.ollama.plist"));
    }

    [TestMethod]
    [DataRow("haproxy", "n\n", 1)]
    [DataRow("haproxy", "", 2)]
    [DataRow("haproxy", "what?\nno\n", 1)]
    [DataRow("open", "", 2)]
    [DataRow("foreign", "n\n", 1)]
    [DataRow("foreign", "", 2)]
    public async Task WithoutYes_NothingIsChanged(string scenario, string input, int code)
    {
        using Home home = Scenario.Mac(scenario);
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync(new InstallChoices(), input);
        Assert.AreEqual(code, result.Code, result.Out);
        home.CheckTree(before, "");
        Assert.Contains("othing was changed", result.Error);
    }

    [TestMethod]
    public async Task No_LeavesOllamaOpen_AndReportsIt()
    {
        using Home home = Scenario.Mac("open");
        CliResult result = await home.InstallAsync(new InstallChoices(), "n\n");
        Assert.Contains("0.0.0.0", home.Read("Library/LaunchAgents/com.ollama.plist"));
        Assert.Contains("lets others bypass the gate and reach Ollama. You chose to leave it in place.", result.Out);
    }

    [TestMethod]
    public async Task Sudo_IsRefused()
    {
        using Home home = Scenario.Mac("bare");
        StringWriter error = new();
        int code = await InstallVerb.RunAsync(
            home.HostEnvironment with
            {
                IsSudo = true,
            },
            new InstallChoices(Yes: true),
            new Terminal(TextWriter.Null, error)
        );
        Assert.AreEqual(2, code);
        Assert.Contains("without sudo", error.ToString());
    }

    [TestMethod]
    public async Task BadConfig_IsCode2_AndChangesNothing()
    {
        using Home home = Scenario.Mac("bare");
        home.Write(".config/fastgate/fastgate.json", "{ \"alow\": [] }");
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(2, result.Code);
        Assert.Contains("did you mean \"allow\"", result.Error);
        home.CheckTree(before, "");
    }

    [TestMethod]
    public async Task ProgramThatCannotBeBuilt_IsCode2_AndChangesNothing()
    {
        using Home home = Scenario.Mac("haproxy");
        home.Publisher.Problem = "dotnet publish: no";
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(2, result.Code);
        Assert.Contains("dotnet publish: no", result.Out);
        home.CheckTree(before, "");
    }

    [TestMethod]
    public async Task ProgramWithoutItsOwnDotnet_GetsDotnetRoot()
    {
        using Home home = Scenario.Mac("bare");
        home.Publisher.NeedsDotnet = true;
        await home.InstallAsync();
        Assert.Contains(
            "<key>DOTNET_ROOT</key>\n\t\t\t<string>/usr/share/dotnet</string>",
            home.Read("Library/LaunchAgents/com.fastgate.plist")
        );
    }
}
