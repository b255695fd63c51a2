using FastGate.Commands.Install;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

/// <summary>Ollama and HAProxy under other labels, in other folders and started in other ways than FastGate's own
/// set-up has them.</summary>
[TestClass]
public sealed class MacAgentsTests
{
    private static string Case(string name) =>
        File.ReadAllText(Path.Combine(SourceTree.Root, "test/Commands/Install/cases", name));

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
    public async Task OpenOllama_IsNamedAskedAboutAndClosed_UnderAnyLabel(string label, string file, string named)
    {
        using Home home = Scenario.Mac("ollama");
        home.Load(label, Case(file));
        string[] before = home.Tree();
        Answer answer = await home.InstallAsync();
        Assert.AreEqual(0, answer.Code, $"{answer.Out}\n{answer.Error}");
        Assert.Contains(named, answer.Out);
        Assert.Contains("Change it to OLLAMA_HOST=127.0.0.1:11434?", answer.Out);
        Assert.Contains("<string>127.0.0.1:11434</string>", home.Read($"Library/LaunchAgents/{label}.plist"));
        Assert.AreEqual(
            label == "com.ollama",
            home.Has("Library/LaunchAgents/com.ollama.plist"),
            "no second agent for the same port"
        );
        Assert.IsTrue(home.IsLoaded(label));
        await home.CheckAgainAndBackAsync(before);
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
        // It inherits the variable of the session, which exposes Ollama.
        home.Say("session-OLLAMA_HOST", "0.0.0.0\n");
        string[] before = home.Tree();
        Answer answer = await home.InstallAsync();
        Assert.AreEqual(0, answer.Code, $"{answer.Out}\n{answer.Error}");
        Assert.Contains(
            "OLLAMA_HOST=0.0.0.0 in the login session, which com.ollama "
                + "(~/Library/LaunchAgents/com.ollama.plist) inherits",
            answer.Out
        );
        string written = home.Read("Library/LaunchAgents/com.ollama.plist");
        Assert.Contains("<key>OLLAMA_ORIGINS</key>", written);
        Assert.Contains("<string>*</string>", written);
        Assert.Contains("<string>127.0.0.1:11434</string>", written);
        await home.CheckAgainAndBackAsync(before);
    }

    [TestMethod]
    public async Task UnreadableList_IsNeverReplaced_AndNoAgentPutBesideIt()
    {
        using Home home = Scenario.Mac("unreadable");
        Answer answer = await home.InstallAsync();
        Assert.AreEqual("bplist00...", home.Read("Library/LaunchAgents/com.ollama.plist"));
        Assert.Contains(
            "com.ollama.plist was not read (it is a broken binary property list), so what it starts was not seen.",
            answer.Out
        );
        Assert.DoesNotContain("com.ollama", string.Join('\n', home.Calls));
    }

    [TestMethod]
    public async Task CommandThatSetsTheHost_IsNamed_SinceItsListWouldChangeNothing()
    {
        using Home home = Scenario.Mac("ollama");
        home.Load("local.ollama", Agent("local.ollama", "/bin/sh", "-c", "OLLAMA_HOST=0.0.0.0 exec ollama serve"));
        string[] before = home.Tree();
        Answer answer = await home.InstallAsync();
        Assert.Contains(
            "OLLAMA_HOST=0.0.0.0 in the command of local.ollama "
                + "(~/Library/LaunchAgents/local.ollama.plist) lets others reach Ollama past the gate.",
            answer.Out
        );
        Assert.Contains(
            "set OLLAMA_HOST=127.0.0.1:11434 there, and then: launchctl bootout gui/501/local.ollama",
            answer.Out
        );
        Assert.DoesNotContain("Change it to", answer.Out);
        Assert.DoesNotContain("ollama", string.Join('\n', home.Calls));
        Assert.AreEqual(0, (await home.UninstallAsync()).Code);
        home.CheckTree(before, "");
    }

    [TestMethod]
    [DataRow("LaunchDaemons", "com.ollama.daemon", "sudo launchctl bootout system/com.ollama.daemon")]
    [DataRow("LaunchAgents", "org.example.ollama", "launchctl bootout gui/501/org.example.ollama")]
    public async Task ListOfTheSystem_IsNamed_AndLeftToRoot(string folder, string label, string command)
    {
        using Home home = Scenario.Mac("ollama");
        home.WriteSystems(
            $"{folder}/{label}.plist",
            Case("B1-com.ollama.server.plist").Replace("com.ollama.server", label, StringComparison.Ordinal)
        );
        home.Say($"loaded-{label}", "x\n");
        Answer answer = await home.InstallAsync();
        Assert.Contains(
            $"/ROOT/Library/{folder}/{label}.plist ({label}) lets others reach Ollama past the gate",
            answer.Out
        );
        Assert.Contains("only root may change it", answer.Out);
        Assert.Contains(command, answer.Out);
        Assert.IsFalse(home.Has("Library/LaunchAgents/com.ollama.plist"), "no second agent for the same port");
    }

    // What launchd has is what runs: a change of the list of the same label elsewhere would change nothing.
    [TestMethod]
    public async Task ListThatWasLoadedFromElsewhere_IsNamed_AndNotTheOneBesideIt()
    {
        using Home home = Scenario.Mac("ollama");
        home.Write("Library/LaunchAgents/com.ollama.plist", Scenario.OllamaAgent("127.0.0.1"));
        home.Write("dev/com.ollama.plist", Scenario.OllamaAgent("0.0.0.0"));
        home.Say("loaded-com.ollama", home.PathOf("dev/com.ollama.plist") + "\n");
        string[] before = home.Tree();
        Answer answer = await home.InstallAsync();
        Assert.Contains(
            "OLLAMA_HOST=0.0.0.0 in ~/dev/com.ollama.plist (com.ollama) lets others reach Ollama past "
                + "the gate. It stays, since it was loaded from outside",
            answer.Out
        );
        Assert.DoesNotContain("com.ollama", string.Join('\n', home.Calls));
        Assert.AreEqual(0, (await home.UninstallAsync()).Code);
        home.CheckTree(before, "");
    }

    [TestMethod]
    public async Task HaproxyThatWasLoadedFromElsewhere_IsUnloaded_AndLoadedAgainFromThere()
    {
        using Home home = Scenario.Mac("ollama");
        home.Write(".haproxy/haproxy.cfg", Scenario.HaproxyConfig);
        home.Write(
            "dev/com.haproxy.plist",
            Scenario.HaproxyAgent.Replace("CONFIG", "/nowhere", StringComparison.Ordinal)
        );
        home.Write(
            "Library/LaunchAgents/com.haproxy.plist",
            Scenario.HaproxyAgent.Replace("CONFIG", "/nowhere", StringComparison.Ordinal)
        );
        home.Say("loaded-com.haproxy", home.PathOf("dev/com.haproxy.plist") + "\n");
        string[] before = home.Tree();
        Assert.AreEqual(0, (await home.InstallAsync()).Code);
        Assert.IsFalse(home.IsLoaded("com.haproxy"));
        Assert.IsFalse(home.Has("Library/LaunchAgents/com.haproxy.plist"));
        await home.CheckAgainAndBackAsync(before);
    }

    [TestMethod]
    public async Task AgentOfNix_IsLeftToNix()
    {
        using Home home = Scenario.Mac("ollama");
        home.Load(
            "org.nixos.ollama",
            Case("B1-com.ollama.server.plist")
                .Replace("com.ollama.server", "org.nixos.ollama", StringComparison.Ordinal)
        );
        Assert.Contains("Nix manages it: change your Nix configuration", (await home.InstallAsync()).Out);
        Assert.Contains("0.0.0.0", home.Read("Library/LaunchAgents/org.nixos.ollama.plist"));
    }

    [TestMethod]
    public async Task ListThatIsNotTheOneThatRuns_IsNotStartedBesideIt()
    {
        using Home home = Scenario.Mac("ollama");
        home.Load(
            "com.ollama.server",
            Case("B1-com.ollama.server.plist").Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)
        );
        home.Write("Library/LaunchAgents/com.ollama.plist", Scenario.OllamaAgent("127.0.0.1"));
        Answer answer = await home.InstallAsync();
        Assert.AreEqual(0, answer.Code, answer.Out);
        Assert.IsFalse(home.IsLoaded("com.ollama"));
        Assert.Contains(
            "com.ollama (~/Library/LaunchAgents/com.ollama.plist) and com.ollama.server "
                + "(~/Library/LaunchAgents/com.ollama.server.plist) start Ollama",
            answer.Out
        );
    }

    [TestMethod]
    [DataRow("homebrew.mxcl.haproxy", true)]
    [DataRow("net.example.proxy", true)]
    [DataRow("homebrew.mxcl.haproxy", false)]
    public async Task HaproxyUnderAnotherLabel_IsReplaced_IfItStandsBeforeOllama(string label, bool isBeforeOllama)
    {
        using Home home = Scenario.Mac("ollama");
        string config = home.PathOf("etc/haproxy.cfg");
        home.Write("etc/haproxy.cfg", isBeforeOllama ? Scenario.HaproxyConfig : "frontend web\n  bind :80\n");
        home.Load(
            label,
            Case("B7-homebrew.mxcl.haproxy.plist")
                .Replace("homebrew.mxcl.haproxy", label, StringComparison.Ordinal)
                .Replace(
                    "/opt/homebrew/etc/haproxy.cfg",
                    config.Replace("&", "&amp;", StringComparison.Ordinal),
                    StringComparison.Ordinal
                )
        );
        string[] before = home.Tree();
        Answer answer = await home.InstallAsync();
        Assert.AreEqual(0, answer.Code, $"{answer.Out}\n{answer.Error}");
        Assert.AreEqual(!isBeforeOllama, home.IsLoaded(label));
        if (isBeforeOllama)
        {
            Assert.Contains($"HAProxy guards Ollama here: ~/Library/LaunchAgents/{label}.plist", answer.Out);
            Assert.Contains($"Unload {label}, and put its property list aside?", answer.Out);
        }
        await home.CheckAgainAndBackAsync(before);
    }

    [TestMethod]
    public async Task HaproxyOfTheSystem_IsLeftToRoot_AndNothingIsChanged()
    {
        using Home home = Scenario.Mac("ollama");
        home.Write("etc/haproxy.cfg", Scenario.HaproxyConfig);
        home.WriteSystems(
            "LaunchDaemons/homebrew.mxcl.haproxy.plist",
            Case("B7-homebrew.mxcl.haproxy.plist")
                .Replace(
                    "/opt/homebrew/etc/haproxy.cfg",
                    home.PathOf("etc/haproxy.cfg").Replace("&", "&amp;", StringComparison.Ordinal),
                    StringComparison.Ordinal
                )
        );
        home.Say("loaded-homebrew.mxcl.haproxy", "x\n");
        string[] before = home.Tree();
        Answer answer = await home.InstallAsync();
        Assert.AreEqual(1, answer.Code, answer.Out);
        Assert.Contains(
            "homebrew.mxcl.haproxy (/ROOT/Library/LaunchDaemons/homebrew.mxcl.haproxy.plist)",
            answer.Error
        );
        Assert.Contains("sudo launchctl bootout system/homebrew.mxcl.haproxy", answer.Error);
        home.CheckTree(before, "");
    }

    [TestMethod]
    [DataRow("y\n", true)]
    [DataRow("n\n", false)]
    [DataRow("\n", true)]
    public async Task NewAgent_OffersToTurnTheCloudOff(string input, bool isOff)
    {
        using Home home = Scenario.Mac("ollama");
        Answer answer = await home.InstallAsync(new InstallChoices(), input);
        Assert.AreEqual(0, answer.Code, $"{answer.Out}\n{answer.Error}");
        Assert.Contains("Set OLLAMA_NO_CLOUD=1 in Ollama's agent? [Y/n]", answer.Out);
        Assert.AreEqual(
            isOff,
            home.Read("Library/LaunchAgents/com.ollama.plist").Contains("OLLAMA_NO_CLOUD", StringComparison.Ordinal)
        );
    }

    // Cloud models that somebody works with must not be gone after "--yes".
    [TestMethod]
    [DataRow("y\n\n\n", false)]
    [DataRow("y\ny\n\n", true)]
    public async Task ChangedAgent_TurnsTheCloudOffOnAYesOnly(string input, bool isOff)
    {
        using Home home = Scenario.Mac("open");
        Answer answer = await home.InstallAsync(new InstallChoices(), input);
        Assert.AreEqual(0, answer.Code, $"{answer.Out}\n{answer.Error}");
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
        Answer answer = await home.InstallAsync();
        Assert.AreEqual(0, answer.Code, answer.Out);
        Assert.Contains("already  load com.ollama", answer.Out);
        Assert.DoesNotContain("com.ollama", string.Join('\n', home.Calls));
    }
}
