using FastGate.Commands.Install;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

/// <summary>Programs, agents and units of FastGate's name that FastGate did not create. They were once replaced without
/// a prompt.</summary>
[TestClass]
public sealed class ForeignTests
{
    private const string Program = ".local/bin/fastgate";
    private const string Unit = ".config/systemd/user/fastgate.service";

    [TestMethod]
    public async Task ProgramAndAgentOnAMac_AreShownConfirmedAndRestored()
    {
        using Home home = Scenario.Mac("foreign");
        home.Load(
            "com.fastgate",
            Scenario
                .OllamaAgent("x")
                .Replace("com.ollama", "com.fastgate", StringComparison.Ordinal)
                .Replace("/opt/homebrew/bin/ollama", "/opt/other", StringComparison.Ordinal)
        );
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync(new InstallChoices(), "y\n");
        Assert.Contains("~/.local/bin/fastgate exists, but FastGate did not create it (28 bytes).", result.Out);
        Assert.Contains(
            "com.fastgate.plist exists, but FastGate did not create it (it starts /opt/other serve).",
            result.Out
        );
        Assert.Contains("The agent com.fastgate is already loaded", result.Out);
        Assert.Contains("Replace the existing installation? [Y/n]", result.Out);
        Assert.AreEqual("another program of this name", home.Read(Program + ".before-fastgate"));

        // What install itself created needs no confirmation.
        Assert.DoesNotContain(
            "Replace the existing installation?",
            (await home.InstallAsync(new InstallChoices(), "")).Out
        );
        Assert.AreEqual(0, (await home.UninstallAsync()).Code);
        home.CheckTree(before, "");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task UnitOnLinux_IsShownConfirmedAndRestored(bool runs)
    {
        using Home home = new(isMac: false);
        home.WriteState("linger");
        home.Write(Unit, "[Service]\nExecStart=/opt/fastgate --port 1\n");
        if (runs)
        {
            home.WriteState("units", "fastgate.service\n");
            home.WriteState("active-fastgate.service");
            Directory.CreateDirectory(home.PathOf(".config/systemd/user/default.target.wants"));
            File.CreateSymbolicLink(
                home.PathOf(".config/systemd/user/default.target.wants/fastgate.service"),
                home.PathOf(Unit)
            );
        }
        string[] before = home.Tree();
        Assert.AreEqual(1, (await home.InstallAsync(new InstallChoices(), "n\n")).Code);
        home.CheckTree(before, "answering no changes nothing");

        CliResult result = await home.InstallAsync(new InstallChoices(), "y\n");
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.Contains("(ExecStart=/opt/fastgate --port 1)", result.Out);
        Assert.AreEqual(
            runs,
            result.Out.Contains("The unit fastgate.service is already loaded", StringComparison.Ordinal)
        );

        int calls = home.Calls.Length;
        Assert.DoesNotContain("Replace", (await home.InstallAsync(new InstallChoices(), "")).Out);
        Assert.HasCount(calls, home.Calls);
        Assert.AreEqual(0, (await home.UninstallAsync()).Code);
        // systemd has reloaded its units.
        home.CheckTree(before, "", except: "/state/units");
    }

    [TestMethod]
    [DataRow("/nowhere/fastgate")]
    [DataRow("/bin/sh")]
    public async Task ProgramThatIsALink_IsMovedAsALink(string target)
    {
        using Home home = new(isMac: false);
        home.WriteState("linger");
        Directory.CreateDirectory(home.PathOf(".local/bin"));
        File.CreateSymbolicLink(home.PathOf(Program), target);
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync(new InstallChoices(), "y\n");
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.Contains($"(a link to {target})", result.Out);
        Assert.AreEqual("version 1", home.Read(Program));
        Assert.AreEqual(0, (await home.UninstallAsync()).Code);
        home.CheckTree(before, "");
    }

    [TestMethod]
    public async Task ControlCharactersInAPath_AreEscaped()
    {
        using Home home = Scenario.Mac("ollama");
        home.Write("Library/LaunchAgents/com.ollama.plist", Scenario.OllamaAgent("0.0.0.0\u202E"));
        home.WriteState("loaded-com.ollama", home.PathOf("Library/LaunchAgents/com.ollama.plist"));
        CliResult result = await home.InstallAsync(new InstallChoices(DryRun: true));
        Assert.Contains("\\u202E", result.Out);
        Assert.DoesNotContain("\u202E", result.Out);
    }
}
