using FastGate.Commands.Install;
using FastGate.Launchd;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

/// <summary>Installs over an existing installation, and uninstalls what was changed since.</summary>
[TestClass]
public sealed class ReinstallTests
{
    private const string Agent = "Library/LaunchAgents/com.fastgate.plist";
    private const string Config = ".config/fastgate/fastgate.json";

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task NewerProgram_ReplacesTheOlder_AndLeavesNothing(bool isMac)
    {
        using Home home = Fresh(isMac);
        string[] before = home.Tree();
        await home.InstallAsync();
        string[] files = Files(home);
        int calls = home.Calls.Length;

        home.Publisher.Version = "2";
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, result.Out);
        Assert.AreEqual("version 2", home.Read(".local/bin/fastgate"));
        CollectionAssert.AreEqual(files, Files(home));
        Assert.IsGreaterThan(calls, home.Calls.Length, "it is restarted");

        Assert.AreEqual(0, (await home.UninstallAsync()).Code);
        home.CheckTree(before, "");
    }

    [TestMethod]
    [DataRow(true, "launchctl bootstrap", 125)]
    [DataRow(true, "launchctl bootout", 125)]
    [DataRow(false, "systemctl --user stop", 1)]
    [DataRow(false, "systemctl --user daemon-reload", 1)]
    public async Task NewerProgramThatCannotStart_IsRolledBack(bool isMac, string command, int code)
    {
        using Home home = Fresh(isMac);
        await home.InstallAsync();
        string[] before = home.Tree();

        home.Publisher.Version = "2";
        ICommandRunner healthy = home.Runner;
        home.Runner = new FailingOnce(healthy, command, code);
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(2, result.Code, result.Out);
        Assert.AreEqual("version 1", home.Read(".local/bin/fastgate"));
        home.CheckTree(before, result.Out, except: "installed.json");

        home.Runner = healthy;
        Assert.AreEqual(0, (await home.InstallAsync()).Code);
        Assert.AreEqual("version 2", home.Read(".local/bin/fastgate"));
    }

    [TestMethod]
    public async Task EditedConfig_IsLeftInPlace()
    {
        using Home home = Fresh(isMac: true);
        await home.InstallAsync();
        home.Write(Config, "{ \"allow\": [\"@clients\"] }");
        await home.InstallAsync();
        Assert.AreEqual("{ \"allow\": [\"@clients\"] }", home.Read(Config));
        CliResult result = await home.UninstallAsync();
        Assert.AreEqual(0, result.Code);
        Assert.Contains("left in place: ~/.config/fastgate/fastgate.json (changed since it was installed)", result.Out);
        Assert.IsTrue(home.Has(Config));
        Assert.IsFalse(home.Has(Agent));
    }

    [TestMethod]
    public async Task EditedAgent_StaysByDefault_AndIsOverwrittenOnYes()
    {
        using Home home = Fresh(isMac: true);
        await home.InstallAsync();
        string original = home.Read(Agent);
        string edited = original.Replace("8192", "4096", StringComparison.Ordinal);
        home.Write(Agent, edited);

        CliResult kept = await home.InstallAsync();
        Assert.AreEqual(edited, home.Read(Agent));
        Assert.Contains("which you edited, is left in place", kept.Out);

        await home.InstallAsync(new InstallChoices(), "y\n");
        Assert.AreEqual(original, home.Read(Agent));
        Assert.AreEqual(edited, home.Read(Agent + ".edited"));
    }

    [TestMethod]
    public async Task Logs_AreRemovedWithTheirFolder()
    {
        using Home home = Fresh(isMac: true);
        string[] before = home.Tree();
        await home.InstallAsync();
        foreach (string log in (string[])["fastgate.log", "ollama.log", "access.log", "access.log.1"])
            home.Write($"Library/Logs/FastGate/{log}", "a line");
        Assert.AreEqual(0, (await home.UninstallAsync()).Code);
        home.CheckTree(before, "");
    }

    [TestMethod]
    public async Task OtherFiles_KeepTheFolder()
    {
        using Home home = Fresh(isMac: true);
        await home.InstallAsync();
        home.Write("Library/Logs/FastGate/access.log.old", "a file of the user");
        CliResult result = await home.UninstallAsync();
        Assert.AreEqual(0, result.Code);
        Assert.Contains("left in place: ~/Library/Logs/FastGate/ (not empty)", result.Out);
        Assert.IsTrue(home.Has("Library/Logs/FastGate/access.log.old"));
    }

    [TestMethod]
    public async Task UninstallThatFailsInPart_DoesTheRest_AndCanBeRunAgain()
    {
        using Home home = Scenario.Mac("haproxy");
        string[] before = home.Tree();
        await home.InstallAsync();
        FailingRunner runner = new(home.Runner)
        {
            FailsOn = "launchctl bootstrap gui/501 " + home.PathOf("Library/LaunchAgents/com.haproxy.plist"),
            ExitCode = 125,
        };
        home.Runner = runner;

        CliResult first = await home.UninstallAsync();
        Assert.AreEqual(1, first.Code);
        Assert.Contains("UNDO FAILED load com.haproxy again: launchctl bootstrap: no login session", first.Out);
        Assert.IsFalse(home.Has(".local/bin/fastgate"));
        Assert.IsFalse(home.IsLoaded("com.fastgate"));
        Assert.IsTrue(home.Has("Library/LaunchAgents/com.haproxy.plist"));

        runner.FailsOn = null;
        CliResult second = await home.UninstallAsync();
        Assert.AreEqual(0, second.Code, second.Out);
        home.CheckTree(before, "");
    }

    [TestMethod]
    public async Task FailedRollback_ReportsWhatIsLeft()
    {
        using Home home = Scenario.Mac("haproxy");
        string[] before = home.Tree();
        ICommandRunner healthy = home.Runner;
        // HAProxy is unloaded, and after that nothing can be loaded: neither FastGate nor HAProxy.
        home.Runner = new FailingRunner(healthy) { FailsOn = "launchctl bootstrap", ExitCode = 125 };
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(2, result.Code);
        Assert.Contains("UNDO FAILED load com.haproxy again", result.Out);
        Assert.Contains("fastgate uninstall retries those", result.Out);

        home.Runner = healthy;
        Assert.AreEqual(0, (await home.UninstallAsync()).Code);
        home.CheckTree(before, "");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task UninstallDryRun_ShowsAndChangesNothing(bool isMac)
    {
        using Home home = Fresh(isMac);
        await home.InstallAsync();
        string[] before = home.Tree(withTimes: true);
        CliResult result = await home.UninstallAsync(dryRun: true);
        Assert.AreEqual(0, result.Code);
        Assert.Contains("remove ~/.local/bin/fastgate, only if unchanged", result.Out);
        home.CheckTree(before, "", withTimes: true);
    }

    [TestMethod]
    public async Task UninstallOfNothing_IsCode0()
    {
        using Home home = Fresh(isMac: true);
        CliResult result = await home.UninstallAsync();
        Assert.AreEqual(
            new CliResult(0, "Nothing to uninstall: ~/.local/share/fastgate/installed.json does not exist.", ""),
            result
        );
    }

    [TestMethod]
    public async Task BrokenJournal_IsCode2_AndStays()
    {
        using Home home = Fresh(isMac: true);
        home.Write(".local/share/fastgate/installed.json", "[{");
        string[] before = home.Tree();
        Assert.AreEqual(2, (await home.InstallAsync()).Code);
        Assert.AreEqual(2, (await home.UninstallAsync()).Code);
        home.CheckTree(before, "");
    }

    private static Home Fresh(bool isMac)
    {
        if (!isMac)
            return new Home(isMac: false);
        return Scenario.Mac("ollama");
    }

    private static string[] Files(Home home) => [.. home.Tree().Select(line => line[..line.LastIndexOf(' ')])];
}
