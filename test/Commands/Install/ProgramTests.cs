using FastGate.Commands.Install;
using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

/// <summary>When <c>install</c> publishes the program and when it keeps the one that is installed.</summary>
[TestClass]
public sealed class ProgramTests
{
    private const string Program = ".local/bin/fastgate";
    private const string Receipt = ".local/share/fastgate/published.json";
    private const string Unit = ".config/systemd/user/fastgate.service";
    private const string Agent = "Library/LaunchAgents/com.fastgate.plist";

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task SameSource_IsPublishedOnce(bool isMac)
    {
        using Home home = Fresh(isMac);
        string[] before = home.Tree();
        CliResult first = await home.InstallAsync();
        Assert.Contains("done     build the program: native code", first.Out);
        Assert.Contains("         stand-in: write it", first.Out);

        CliResult second = await home.InstallAsync();
        Assert.Contains("ok       build the program (unchanged: native code)", second.Out);
        Assert.AreEqual(1, home.Publisher.Count);
        await home.CheckReinstallAndUninstallAsync(before);
        Assert.AreEqual(1, home.Publisher.Count);
    }

    [TestMethod]
    public async Task ChangedSource_IsPublished()
    {
        using Home home = Fresh(isMac: false);
        await home.InstallAsync();
        (home.Publisher.Fingerprint, home.Publisher.Version) = ("b", "2");
        await home.InstallAsync();
        Assert.AreEqual("version 2", home.Read(Program));
        await home.InstallAsync();
        Assert.AreEqual(2, home.Publisher.Count);
    }

    // A comment changes the source and not the program: nothing is restarted, and the new source is remembered.
    [TestMethod]
    public async Task ChangedSourceOfTheSameProgram_RestartsNothing()
    {
        using Home home = Fresh(isMac: false);
        string[] before = home.Tree();
        await home.InstallAsync();
        int calls = home.Calls.Length;
        home.Publisher.Fingerprint = "b";
        await home.InstallAsync();
        Assert.HasCount(calls, home.Calls);
        Assert.AreEqual(2, home.Publisher.Count);
        await home.CheckReinstallAndUninstallAsync(before);
        Assert.AreEqual(2, home.Publisher.Count);
    }

    [TestMethod]
    public async Task Rebuild_PublishesAgain()
    {
        using Home home = Fresh(isMac: false);
        await home.InstallAsync();
        await home.InstallAsync(new InstallChoices(Yes: true, Rebuild: true));
        Assert.AreEqual(2, home.Publisher.Count);
    }

    [TestMethod]
    [DataRow(Program, "another program")]
    [DataRow(Receipt, "{")]
    [DataRow(Receipt, "null")]
    [DataRow(Receipt, "{ \"fingerprint\": \"a\" }")]
    [DataRow(Receipt, "{ \"fingerprint\": null, \"hash\": null, \"needsDotnet\": false, \"note\": null }")]
    public async Task ChangedProgramOrReceipt_IsReplaced(string file, string text)
    {
        using Home home = Fresh(isMac: false);
        await home.InstallAsync();
        string receipt = home.Read(Receipt);
        home.Write(file, text);
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(2, home.Publisher.Count, result.Out);
        Assert.AreEqual("version 1", home.Read(Program));
        Assert.AreEqual(receipt, home.Read(Receipt));
    }

    [TestMethod]
    public async Task ProgramThatNeedsDotnet_StillDoes_WhenItIsKept()
    {
        using Home home = Fresh(isMac: false);
        string[] before = home.Tree();
        home.Publisher.NeedsDotnet = true;
        await home.InstallAsync();
        Assert.Contains("DOTNET_ROOT=/usr/share/dotnet", home.Read(Unit));
        await home.CheckReinstallAndUninstallAsync(before);
    }

    [TestMethod]
    public async Task FailedRun_RestoresTheReceipt()
    {
        using Home home = Fresh(isMac: false);
        await home.InstallAsync();
        string[] before = home.Tree();
        (home.Publisher.Fingerprint, home.Publisher.Version) = ("b", "2");
        home.Runner = new FailingOnce(home.Runner, "systemctl --user daemon-reload", 1);
        Assert.AreEqual(2, (await home.InstallAsync()).Code);
        home.CheckTree(before, "", except: "installed.json");
        home.Publisher.Fingerprint = "a";
        await home.InstallAsync();
        Assert.AreEqual(2, home.Publisher.Count, "the first program is back, with its receipt");
    }

    [TestMethod]
    [DataRow(
        "sudo apt-get install clang",
        "To get it, run install again after this command: sudo apt-get install clang"
    )]
    [DataRow(null, "To get it, run install again after installing clang.")]
    public async Task Obstacle_IsNamedWithItsCure(string? command, string cure)
    {
        using Home home = Fresh(isMac: false);
        home.Publisher.Obstacle = new NativeObstacle("clang", command);
        CliResult shown = await home.InstallAsync(new InstallChoices(DryRun: true));
        Assert.Contains("Note: The program is not native code, because clang is missing.", shown.Out);
        Assert.Contains(cure, shown.Out);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Tool_RunsFromItsPlace_AndIsRestartedAfterAnUpdate(bool isMac)
    {
        using Home home = Fresh(isMac);
        home.Write(".dotnet/tools/fastgate", "a tool");
        home.Publisher.InPlace = home.PathOf(".dotnet/tools/fastgate");
        string[] before = home.Tree();
        CliResult first = await home.InstallAsync();
        Assert.AreEqual(0, first.Code, first.Out + first.Error);
        Assert.Contains("done     use ~/.dotnet/tools/fastgate, the dotnet tool", first.Out);
        Assert.IsFalse(home.Has(Program));
        string service = home.Read(isMac ? Agent : Unit);
        Assert.Contains("/.dotnet/tools/fastgate", service);
        Assert.Contains("DOTNET_ROOT", service);

        int calls = home.Calls.Length;
        home.Publisher.Fingerprint = "b";
        await home.InstallAsync();
        Assert.IsGreaterThan(calls, home.Calls.Length, "it is restarted");
        await home.CheckReinstallAndUninstallAsync(before);
    }

    [TestMethod]
    public async Task Tool_ReplacesACopy_WhichUninstallRemoves()
    {
        using Home home = Fresh(isMac: false);
        home.Write(".dotnet/tools/fastgate", "a tool");
        string[] before = home.Tree();
        await home.InstallAsync();
        home.Publisher.InPlace = home.PathOf(".dotnet/tools/fastgate");
        home.Publisher.Fingerprint = "b";
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, result.Out + result.Error);
        Assert.Contains("~/.local/bin/fastgate, from an earlier installation, is no longer", result.Out);
        Assert.Contains("/.dotnet/tools/fastgate", home.Read(Unit));
        await home.CheckReinstallAndUninstallAsync(before);
    }

    [TestMethod]
    public void Progress_IsALineForEachPart_AndOneAMinute()
    {
        StringWriter output = new();
        TestTimeProvider time = new();
        BuildProgress progress = new(new Terminal(output, output), time);
        progress.Report("native: compile");
        time.Advance(TimeSpan.FromSeconds(20));
        progress.Report("native: link");
        time.Advance(TimeSpan.FromSeconds(40));
        time.Advance(TimeSpan.FromMinutes(1));
        progress.End();
        time.Advance(TimeSpan.FromMinutes(1));
        progress.End();
        Assert.AreEqual(
            "native: compile|native: link, 20 s|native: link, 1m00s|native: link, 2m00s",
            string.Join('|', output.ToString().Trim().Split('\n').Select(line => line.Trim()))
        );
        progress.Report("again");
        Assert.EndsWith("         again\n", output.ToString().ReplaceLineEndings("\n"), "the time starts anew");
    }

    private static Home Fresh(bool isMac)
    {
        Home home = isMac ? Scenario.Mac("ollama") : new Home(isMac: false);
        home.Publisher.Fingerprint = "a";
        home.Publisher.Note = "native code";
        return home;
    }
}
