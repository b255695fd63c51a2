using FastGate.Commands.Install;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

/// <summary>What somebody else made under FastGate's name. It was once replaced without a question.</summary>
[TestClass]
public sealed class ForeignTests
{
    private const string Program = ".local/bin/fastgate";
    private const string Unit = ".config/systemd/user/fastgate.service";

    [TestMethod]
    public async Task ProgramAndAgentOnAMac_AreShownAskedAboutAndBroughtBack()
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
        CliResult answer = await home.InstallAsync(new InstallChoices(), "y\n");
        Assert.Contains(
            "~/.local/bin/fastgate is there, and FastGate's installer did not make it (28 bytes).",
            answer.Out
        );
        Assert.Contains(
            "com.fastgate.plist is there, and FastGate's installer did not make it (it starts /opt/other serve).",
            answer.Out
        );
        Assert.Contains("The system keeps the agent com.fastgate already", answer.Out);
        Assert.Contains("Replace what is there? [Y/n]", answer.Out);
        Assert.AreEqual("another program of this name", home.Read(Program + ".before-fastgate"));

        // What install itself made is not asked about.
        Assert.DoesNotContain("Replace what is there?", (await home.InstallAsync(new InstallChoices(), "")).Out);
        Assert.AreEqual(0, (await home.UninstallAsync()).Code);
        home.CheckTree(before, "");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task UnitOnLinux_IsShownAskedAboutAndBroughtBack(bool runs)
    {
        using Home home = new(isMac: false);
        home.Say("linger");
        home.Write(Unit, "[Service]\nExecStart=/opt/fastgate --port 1\n");
        if (runs)
        {
            home.Say("units", "fastgate.service\n");
            home.Say("active-fastgate.service");
            Directory.CreateDirectory(home.PathOf(".config/systemd/user/default.target.wants"));
            File.CreateSymbolicLink(
                home.PathOf(".config/systemd/user/default.target.wants/fastgate.service"),
                home.PathOf(Unit)
            );
        }
        string[] before = home.Tree();
        Assert.AreEqual(1, (await home.InstallAsync(new InstallChoices(), "n\n")).Code);
        home.CheckTree(before, "a no changes nothing");

        CliResult answer = await home.InstallAsync(new InstallChoices(), "y\n");
        Assert.AreEqual(0, answer.Code, $"{answer.Out}\n{answer.Error}");
        Assert.Contains("(ExecStart=/opt/fastgate --port 1)", answer.Out);
        Assert.AreEqual(
            runs,
            answer.Out.Contains("The system keeps fastgate.service already", StringComparison.Ordinal)
        );

        int calls = home.Calls.Length;
        Assert.DoesNotContain("Replace", (await home.InstallAsync(new InstallChoices(), "")).Out);
        Assert.HasCount(calls, home.Calls);
        Assert.AreEqual(0, (await home.UninstallAsync()).Code);
        // systemd has read its units again.
        home.CheckTree(before, "", except: "/state/units");
    }

    [TestMethod]
    [DataRow("/nowhere/fastgate")]
    [DataRow("/bin/sh")]
    public async Task ProgramThatIsALink_IsMovedAsALink(string target)
    {
        using Home home = new(isMac: false);
        home.Say("linger");
        Directory.CreateDirectory(home.PathOf(".local/bin"));
        File.CreateSymbolicLink(home.PathOf(Program), target);
        string[] before = home.Tree();
        CliResult answer = await home.InstallAsync(new InstallChoices(), "y\n");
        Assert.AreEqual(0, answer.Code, $"{answer.Out}\n{answer.Error}");
        Assert.Contains($"(a link to {target})", answer.Out);
        Assert.AreEqual("version 1", home.Read(Program));
        Assert.AreEqual(0, (await home.UninstallAsync()).Code);
        home.CheckTree(before, "");
    }

    [TestMethod]
    public async Task PathThatWouldSteerTheTerminal_IsWrittenOut()
    {
        using Home home = Scenario.Mac("ollama");
        home.Write("Library/LaunchAgents/com.ollama.plist", Scenario.OllamaAgent("0.0.0.0\u202E"));
        home.Say("loaded-com.ollama", home.PathOf("Library/LaunchAgents/com.ollama.plist"));
        CliResult answer = await home.InstallAsync(new InstallChoices(DryRun: true));
        Assert.Contains("\\u202E", answer.Out);
        Assert.DoesNotContain("\u202E", answer.Out);
    }
}
