using FastGate.Commands.Install;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

[TestClass]
public sealed class LinuxTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task InstallAndUninstall_LeaveNothingBehind(bool lingers)
    {
        using Home home = new(isMac: false);
        if (lingers)
            home.WriteState("linger");
        string[] before = home.Tree();

        CliResult installed = await home.InstallAsync();
        Assert.AreEqual(0, installed.Code, $"{installed.Out}\n{installed.Error}");
        Assert.IsTrue(File.Exists(Path.Combine(home.State, "active-fastgate.service")));
        Assert.IsTrue(File.Exists(Path.Combine(home.State, "linger")));

        await home.CheckReinstallAndUninstallAsync(before);
    }

    [TestMethod]
    public async Task AnyFailingCommand_IsRolledBack()
    {
        int failed = 0;
        for (int n = 1; ; n++)
        {
            using Home home = new(isMac: false);
            string[] before = home.Tree();
            FailingRunner runner = new(home.Runner) { FailsAt = n };
            home.Runner = runner;
            CliResult result = await home.InstallAsync();
            if (!runner.HasFailed)
                break;
            if (result.Code == 2)
                failed++;
            else
                Assert.AreEqual(0, (await home.UninstallAsync()).Code);
            home.CheckTree(before, $"command {n}:\n{result.Out}");
        }
        Assert.IsGreaterThanOrEqualTo(3, failed);
    }

    [TestMethod]
    public async Task WithoutLinger_ANoteExplainsWhenTheGateRuns()
    {
        using Home home = new(isMac: false);
        CliResult result = await home.InstallAsync(new InstallChoices(), "n\n");
        Assert.AreEqual(0, result.Code, result.Out);
        Assert.Contains("FastGate runs only while u is logged in.", result.Out);
        Assert.IsFalse(File.Exists(Path.Combine(home.State, "linger")));
    }
}
