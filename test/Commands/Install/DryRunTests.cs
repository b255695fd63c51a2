using FastGate.Commands.Install;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

/// <summary>Compares the output of <c>install --dry-run</c> with golden files:
/// <c>test/Commands/Install/golden</c>.</summary>
[TestClass]
public sealed class DryRunTests
{
    [TestMethod]
    [DataRow("haproxy")]
    [DataRow("ollama")]
    [DataRow("open")]
    [DataRow("foreign")]
    public async Task Mac_PrintsEveryStepAndFile(string scenario)
    {
        using Home home = Scenario.Mac(scenario);
        await CheckAsync(home, $"mac-{scenario}");
    }

    [TestMethod]
    public async Task Linux_PrintsEveryStepAndFile()
    {
        using Home home = new(isMac: false);
        await CheckAsync(home, "linux");
    }

    [TestMethod]
    public async Task Installed_MarksStepsAsAlreadyDone()
    {
        using Home home = Scenario.Mac("ollama");
        await home.InstallAsync();
        await CheckAsync(home, "mac-installed");
    }

    [TestMethod]
    public async Task Uninstall_PrintsEveryStep()
    {
        using Home home = Scenario.Mac("haproxy");
        await home.InstallAsync();
        Check("uninstall-mac-haproxy", await home.UninstallAsync(dryRun: true));
    }

    private static async Task CheckAsync(Home home, string name) =>
        Check(name, await home.InstallAsync(new InstallChoices(DryRun: true)));

    private static void Check(string name, CliResult result)
    {
        string path = Path.Combine(SourceTree.Root, "test/Commands/Install/golden", $"{name}.txt");
        string golden = File.Exists(path) ? File.ReadAllText(path).TrimEnd('\n') : "";
        // Written for comparison; copy it over the golden file if the new output is right.
        if (golden != result.Out)
            File.WriteAllText(Path.Combine(AppContext.BaseDirectory, $"{name}.txt"), result.Out + "\n");
        Assert.AreEqual(golden, result.Out);
    }
}
