using FastGate.Commands.Install;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

/// <summary>Ollama under other labels, in other folders and started in other ways than FastGate's own agent.</summary>
[TestClass]
public sealed class MacAgentsTests
{
    private static string Agent(string label, params string[] words) =>
        $"""
            <plist version="1.0"><dict>
              <key>Label</key><string>{label}</string>
              <key>ProgramArguments</key><array>{string.Concat(
                words.Select(word => $"<string>{word}</string>")
            )}</array>
            </dict></plist>
            """;

    [TestMethod]
    [DataRow(
        "com.ollama.server",
        "B1-com.ollama.server.plist",
        "OLLAMA_HOST=0.0.0.0:11434 in ~/Library/LaunchAgents/com.ollama.server.plist (com.ollama.server)"
    )]
    [DataRow(
        "com.ollama",
        "B6-com.ollama-only-a-port.plist",
        "OLLAMA_HOST=:11434 in ~/Library/LaunchAgents/com.ollama.plist (com.ollama)"
    )]
    public async Task OpenOllama_IsNamedAndRestricted_UnderAnyLabel(string label, string file, string named)
    {
        using Home home = Scenario.Mac("ollama");
        home.Load(label, Scenario.Case(file));
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.Contains(named, result.Out);
        Assert.Contains("Change it to OLLAMA_HOST=127.0.0.1:11434?", result.Out);
        Assert.Contains("<string>127.0.0.1:11434</string>", home.Read($"Library/LaunchAgents/{label}.plist"));
        Assert.AreEqual(
            label == "com.ollama",
            home.Has("Library/LaunchAgents/com.ollama.plist"),
            "no second agent for the same port"
        );
        Assert.IsTrue(home.IsLoaded(label));
        await home.CheckReinstallAndUninstallAsync(before);
    }

    [TestMethod]
    [DataRow("B3-com.ollama-short-doctype.plist")]
    [DataRow("B8-com.ollama-binary.plist")]
    public async Task OtherVariables_SurviveTheChange(string file)
    {
        using Home home = Scenario.Mac("ollama");
        home.Load("com.ollama", "");
        File.Copy(
            Path.Combine(SourceTree.Root, "test/Commands/Install/cases", file),
            home.PathOf("Library/LaunchAgents/com.ollama.plist"),
            overwrite: true
        );
        // It inherits the session's value, which allows everyone.
        home.WriteState("session-OLLAMA_HOST", "0.0.0.0\n");
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.Contains(
            "OLLAMA_HOST=0.0.0.0 in the login session, which com.ollama "
                + "(~/Library/LaunchAgents/com.ollama.plist) inherits",
            result.Out
        );
        string written = home.Read("Library/LaunchAgents/com.ollama.plist");
        Assert.Contains("<key>OLLAMA_ORIGINS</key>", written);
        Assert.Contains("<string>*</string>", written);
        Assert.Contains("<string>127.0.0.1:11434</string>", written);
        await home.CheckReinstallAndUninstallAsync(before);
    }

    [TestMethod]
    public async Task UnreadableList_IsNeverReplaced_AndGetsNoSecondAgent()
    {
        using Home home = Scenario.Mac("unreadable");
        CliResult result = await home.InstallAsync();
        Assert.AreEqual("bplist00...", home.Read("Library/LaunchAgents/com.ollama.plist"));
        Assert.Contains(
            "com.ollama.plist could not be read (it is a malformed binary property list), "
                + "so what it starts is unknown.",
            result.Out
        );
        Assert.DoesNotContain("com.ollama", string.Join('\n', home.Calls));
    }

    [TestMethod]
    public async Task CommandThatSetsTheHost_IsNamed_AndNotChanged()
    {
        using Home home = Scenario.Mac("ollama");
        home.Load("local.ollama", Agent("local.ollama", "/bin/sh", "-c", "OLLAMA_HOST=0.0.0.0 exec ollama serve"));
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync();
        Assert.Contains(
            "OLLAMA_HOST=0.0.0.0 in the command of local.ollama "
                + "(~/Library/LaunchAgents/local.ollama.plist) lets others bypass the gate and reach Ollama.",
            result.Out
        );
        Assert.Contains(
            "Set OLLAMA_HOST=127.0.0.1:11434 there, then run: launchctl bootout gui/501/local.ollama",
            result.Out
        );
        Assert.DoesNotContain("Change it to", result.Out);
        Assert.DoesNotContain("ollama", string.Join('\n', home.Calls));
        Assert.AreEqual(0, (await home.UninstallAsync()).Code);
        home.CheckTree(before, "");
    }

    [TestMethod]
    [DataRow("LaunchDaemons", "com.ollama.daemon", "sudo launchctl bootout system/com.ollama.daemon")]
    [DataRow("LaunchAgents", "org.example.ollama", "launchctl bootout gui/501/org.example.ollama")]
    public async Task SystemList_IsNamed_AndLeftToRoot(string folder, string label, string command)
    {
        using Home home = Scenario.Mac("ollama");
        home.WriteSystems(
            $"{folder}/{label}.plist",
            Scenario.Case("B1-com.ollama.server.plist").Replace("com.ollama.server", label, StringComparison.Ordinal)
        );
        home.WriteState($"loaded-{label}", "x\n");
        CliResult result = await home.InstallAsync();
        Assert.Contains(
            $"/ROOT/Library/{folder}/{label}.plist ({label}) lets others bypass the gate and reach Ollama",
            result.Out
        );
        Assert.Contains("only root may change it", result.Out);
        Assert.Contains(command, result.Out);
        Assert.IsFalse(home.Has("Library/LaunchAgents/com.ollama.plist"), "no second agent for the same port");
    }

    // launchd runs the list that it loaded: changing another list of the same label would have no effect.
    [TestMethod]
    public async Task ListLoadedFromElsewhere_IsNamed_NotTheDefaultOne()
    {
        using Home home = Scenario.Mac("ollama");
        home.Write("Library/LaunchAgents/com.ollama.plist", Scenario.OllamaAgent("127.0.0.1"));
        home.Write("dev/com.ollama.plist", Scenario.OllamaAgent("0.0.0.0"));
        home.WriteState("loaded-com.ollama", home.PathOf("dev/com.ollama.plist") + "\n");
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync();
        Assert.Contains(
            "OLLAMA_HOST=0.0.0.0 in ~/dev/com.ollama.plist (com.ollama) lets others bypass the gate and reach "
                + "Ollama. It is left in place, because it was loaded from outside",
            result.Out
        );
        Assert.DoesNotContain("com.ollama", string.Join('\n', home.Calls));
        Assert.AreEqual(0, (await home.UninstallAsync()).Code);
        home.CheckTree(before, "");
    }

    [TestMethod]
    public async Task NixAgent_IsLeftToNix()
    {
        using Home home = Scenario.Mac("ollama");
        home.Load(
            "org.nixos.ollama",
            Scenario
                .Case("B1-com.ollama.server.plist")
                .Replace("com.ollama.server", "org.nixos.ollama", StringComparison.Ordinal)
        );
        Assert.Contains("Nix manages it: change your Nix configuration", (await home.InstallAsync()).Out);
        Assert.Contains("0.0.0.0", home.Read("Library/LaunchAgents/org.nixos.ollama.plist"));
    }

    [TestMethod]
    public async Task IdleAgent_IsNotStartedBesideARunningOne()
    {
        using Home home = Scenario.Mac("ollama");
        home.Load(
            "com.ollama.server",
            Scenario.Case("B1-com.ollama.server.plist").Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)
        );
        home.Write("Library/LaunchAgents/com.ollama.plist", Scenario.OllamaAgent("127.0.0.1"));
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, result.Out);
        Assert.IsFalse(home.IsLoaded("com.ollama"));
        Assert.Contains(
            "com.ollama (~/Library/LaunchAgents/com.ollama.plist) and com.ollama.server "
                + "(~/Library/LaunchAgents/com.ollama.server.plist) start Ollama",
            result.Out
        );
    }

    [TestMethod]
    [DataRow("y\n", true)]
    [DataRow("n\n", false)]
    [DataRow("\n", true)]
    public async Task NewAgent_OffersToTurnTheCloudOff(string input, bool isOff)
    {
        using Home home = Scenario.Mac("ollama");
        CliResult result = await home.InstallAsync(new InstallChoices(), input);
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.Contains("Set OLLAMA_NO_CLOUD=1 in Ollama's agent? [Y/n]", result.Out);
        Assert.AreEqual(
            isOff,
            home.Read("Library/LaunchAgents/com.ollama.plist").Contains("OLLAMA_NO_CLOUD", StringComparison.Ordinal)
        );
    }

    // "--yes" must not turn off cloud models that are in use.
    [TestMethod]
    [DataRow("y\n\n\n", false)]
    [DataRow("y\ny\n\n", true)]
    public async Task ChangedAgent_TurnsTheCloudOffOnYesOnly(string input, bool isOff)
    {
        using Home home = Scenario.Mac("open");
        CliResult result = await home.InstallAsync(new InstallChoices(), input);
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.AreEqual(
            isOff,
            home.Read("Library/LaunchAgents/com.ollama.plist").Contains("OLLAMA_NO_CLOUD", StringComparison.Ordinal)
        );
    }

    [TestMethod]
    public async Task RunningAgentWithAScript_IsNotBootedOut()
    {
        using Home home = Scenario.Mac("ollama");
        home.Load(
            "com.ollama",
            Agent(
                "com.ollama",
                "/bin/sh",
                "-c",
                "{\n  date\n} >> /tmp/started.txt\nexec /opt/homebrew/bin/ollama serve"
            )
        );
        string script = Path.Combine(home.Tools, "launchctl");
        string printed = Path.Combine(SourceTree.Root, "test/Commands/Install/cases/D1-print-with-a-shell-script.txt");
        await File.WriteAllTextAsync(
            script,
            (await File.ReadAllTextAsync(script)).Replace(
                "case $1 in\n",
                $"[ \"$1 $label\" = \"print com.ollama\" ] && exec cat '{printed}'\ncase $1 in\n",
                StringComparison.Ordinal
            )
        );
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, result.Out);
        Assert.Contains("ok       load com.ollama", result.Out);
        Assert.DoesNotContain("com.ollama", string.Join('\n', home.Calls));
    }
}
