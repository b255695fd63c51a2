using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

/// <summary>What <c>install</c> reports about a Mac, and offers to install with Homebrew.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class MacSystemTests
{
    [TestMethod]
    [DataRow("13.6.1", "1", "This is macOS 13.6.1.", "Intel")]
    [DataRow("14.0", "0", "This Mac has an Intel processor.", "This is macOS")]
    public async Task UnintendedMac_GetsAWarning_AndIsInstalledOn(
        string version,
        string arm,
        string warning,
        string other
    )
    {
        using Home home = Mac(version, arm);
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, result.Out);
        Assert.Contains($"Note: {warning}", result.Out);
        Assert.DoesNotContain(other, result.Out);
    }

    [TestMethod]
    public async Task IntendedMac_GetsNoWarning()
    {
        using Home home = Mac("15.1", "1");
        CliResult result = await home.InstallAsync();
        Assert.DoesNotContain("This is macOS", result.Out);
        Assert.DoesNotContain("Intel", result.Out);
    }

    [TestMethod]
    public async Task MissingPrograms_AreOffered_EachAsked()
    {
        using Home home = Bare();
        CliResult result = await home.InstallAsync(new(), "y\ny\ny\n");
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.Contains("Install Tailscale (brew install --cask tailscale-app)?", result.Out);
        Assert.Contains("Install Ollama (brew install ollama)?", result.Out);
        Assert.Contains("brew install --cask tailscale-app", home.Calls);
        Assert.Contains("brew install ollama", home.Calls);
        // The agent of the program that was just installed, with what was answered about it.
        string agent = home.Read("Library/LaunchAgents/com.ollama.plist");
        Assert.Contains("/ollama</string>", agent);
        Assert.Contains("OLLAMA_NO_CLOUD", agent);

        CliResult uninstalled = await home.UninstallAsync();
        Assert.AreEqual(0, uninstalled.Code, uninstalled.Out);
        Assert.IsTrue(File.Exists(Path.Combine(home.Tools, "ollama")), "the program stays");
    }

    [TestMethod]
    public async Task Yes_InstallsNoOtherProgram()
    {
        using Home home = Bare();
        CliResult result = await home.InstallAsync();
        // Nothing responds for Ollama.
        Assert.AreEqual(1, result.Code, result.Out);
        Assert.IsFalse(home.Calls.Any(call => call.StartsWith("brew install", StringComparison.Ordinal)));
        Assert.IsFalse(home.Has("Library/LaunchAgents/com.ollama.plist"));
    }

    [TestMethod]
    public async Task BrewThatFails_IsRolledBack_BeforeAnythingIsBuilt()
    {
        using Home home = Bare();
        string[] before = home.Tree();
        home.Runner = new FailingOnce(home.Runner, $"{home.Tools}/brew install ollama", 1);
        CliResult result = await home.InstallAsync(new(), "n\ny\ny\n");
        Assert.AreEqual(2, result.Code, result.Out);
        Assert.Contains("FAILED   install Ollama: brew install ollama", result.Out);
        Assert.AreEqual(0, home.Publisher.Count);
        home.CheckTree(before, result.Out);
    }

    [TestMethod]
    public async Task UninstallWithLogs_RemovesThoseOfTheEarlierSetUp()
    {
        using Home home = new(isMac: true);
        string[] before = home.Tree();
        await home.InstallAsync();
        foreach (string name in (string[])["ollama.stdout.log", "ollama.stderr.log", "haproxy.log"])
            home.WriteState(name, "a line");
        home.WriteState("other.log", "stays");
        CliResult without = await home.UninstallAsync(dryRun: true);
        Assert.DoesNotContain("haproxy.log", without.Out);
        CliResult result = await home.UninstallAsync(withOldLogs: true);
        Assert.AreEqual(0, result.Code, result.Out);
        Assert.Contains("undone   removed /ROOT/state/haproxy.log", result.Out);
        home.CheckTree(before, result.Out, except: "other.log");
        Assert.IsTrue(File.Exists(Path.Combine(home.State, "other.log")));
    }

    private static Home Mac(string version, string arm)
    {
        Home home = new(isMac: true);
        home.WriteState("serves");
        Script.Write(home.Tools, "sw_vers", $"#!/bin/sh\necho {version}\n");
        Script.Write(home.Tools, "sysctl", $"#!/bin/sh\necho {arm}\n");
        return home;
    }

    private static Home Bare()
    {
        Home home = new(isMac: true);
        FakeTools.WriteBrew(home.Tools);
        File.Delete(Path.Combine(home.Tools, "tailscale"));
        return home;
    }
}
