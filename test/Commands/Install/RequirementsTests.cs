using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

/// <summary>What is missing is found before the program is built.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class RequirementsTests
{
    [TestMethod]
    [DataRow(false, "no-bus", "XDG_RUNTIME_DIR=/run/user/$(id -u)")]
    [DataRow(true, "no-session", "log in at this Mac's screen")]
    public async Task WithoutServiceManager_NothingIsBuilt(bool isMac, string state, string cure)
    {
        using Home home = new(isMac);
        home.WriteState(state);
        await CheckAsync(home, cure);
    }

    [TestMethod]
    [DataRow(false, ".local", "~/.local is a file")]
    [DataRow(false, ".config/systemd/user", "~/.config/systemd/user is a file")]
    [DataRow(true, "Library/Logs", "~/Library/Logs is a file")]
    public async Task FileInPlaceOfAFolder_IsNamed(bool isMac, string path, string problem)
    {
        using Home home = new(isMac);
        home.Write(path, "a file");
        await CheckAsync(home, problem);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task MachineWithEverything_IsInstalledOn(bool isMac)
    {
        using Home home = new(isMac);
        home.WriteState("serves");
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, result.Out);
        Assert.Contains("ok       check the ", result.Out);
    }

    private static async Task CheckAsync(Home home, string expected)
    {
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(2, result.Code, result.Out);
        Assert.Contains("FAILED   check the ", result.Out);
        Assert.Contains(expected, result.Out);
        Assert.Contains("Nothing was changed.", result.Out);
        Assert.AreEqual(0, home.Publisher.Count);
        Assert.IsEmpty(home.Calls);
        home.CheckTree(before, result.Out);
    }
}
