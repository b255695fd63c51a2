using FastGate.Commands.Shared;
using FastGate.Launchd;
using FastGate.Test.Commands.Install;

namespace FastGate.Test.Commands.Shared;

/// <summary>The state of the gate's service, from launchd and systemd.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class ServiceManagerTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task NoService_IsNone(bool isMac)
    {
        using Home home = new(isMac);
        ServiceState state = await ServiceManager.ReadAsync(home.HostEnvironment);
        Assert.AreEqual(ServiceState.None, state);
        StringAssert.Contains(state.Cure, "fastgate install");
    }

    [TestMethod]
    public async Task RunningAgent_IsShownWithItsProcess()
    {
        using Home home = new(isMac: true);
        home.Load("com.fastgate", "an agent");
        ServiceState state = await ServiceManager.ReadAsync(home.HostEnvironment);
        Assert.AreEqual("agent com.fastgate: running, process 77", state.Description);
        Assert.IsTrue(state.IsRunning);
    }

    [TestMethod]
    public async Task AgentThatExits_IsNotRunning_AndTheCureNamesItsLog()
    {
        using Home home = new(isMac: true);
        home.Runner = new FixedRunner(
            0,
            "gui/501/com.fastgate = {\n\tstate = spawn scheduled\n\tlast exit code = 78: EX_CONFIG\n}\n"
        );
        ServiceState state = await ServiceManager.ReadAsync(home.HostEnvironment);
        Assert.AreEqual("agent com.fastgate: spawn scheduled, last exit 78: EX_CONFIG", state.Description);
        Assert.IsFalse(state.IsRunning);
        StringAssert.Contains(state.Cure, "~/Library/Logs/FastGate/fastgate.log");
    }

    [TestMethod]
    public async Task AgentThatIsNotLoaded_IsShown()
    {
        using Home home = new(isMac: true);
        home.Write("Library/LaunchAgents/com.fastgate.plist", "an agent");
        ServiceState state = await ServiceManager.ReadAsync(home.HostEnvironment);
        Assert.AreEqual("agent com.fastgate: not loaded", state.Description);
        StringAssert.Contains(state.Cure, "launchctl bootstrap gui/");
        StringAssert.Contains(state.Cure, " ~/Library/LaunchAgents/com.fastgate.plist");
    }

    [TestMethod]
    [DataRow("active running enabled", "systemd unit fastgate.service: active, enabled", true)]
    [DataRow("inactive dead disabled", "systemd unit fastgate.service: inactive, not enabled", false)]
    public async Task Unit_IsShownInSystemdsTerms(string states, string expected, bool isRunning)
    {
        using Home home = new(isMac: false);
        home.Write(".config/systemd/user/fastgate.service", "a unit");
        string[] words = states.Split(' ');
        home.Runner = new FixedRunner(
            0,
            $"LoadState=loaded\nActiveState={words[0]}\nSubState={words[1]}\nUnitFileState={words[2]}\n"
        );
        ServiceState state = await ServiceManager.ReadAsync(home.HostEnvironment);
        Assert.AreEqual(expected, state.Description);
        Assert.AreEqual(isRunning, state.IsRunning);
        StringAssert.Contains(state.Cure, "journalctl --user -u fastgate");
    }

    [TestMethod]
    public async Task UnitOfAPackage_IsShownOnceItIsEnabled()
    {
        using Home home = new(isMac: false);
        home.Write("package/fastgate.service", "a unit");
        home.Runner = new FixedRunner(
            0,
            "LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\n"
        );
        Assert.IsNull((await ServiceManager.ReadAsync(home.HostEnvironment)).Name);

        const string Link = ".config/systemd/user/default.target.wants/fastgate.service";
        Directory.CreateDirectory(Path.GetDirectoryName(home.PathOf(Link))!);
        File.CreateSymbolicLink(home.PathOf(Link), home.PathOf("package/fastgate.service"));
        Assert.AreEqual(
            "systemd unit fastgate.service: active, enabled",
            (await ServiceManager.ReadAsync(home.HostEnvironment)).Description
        );
    }

    /// <summary>Every program has the same exit code and output.</summary>
    private sealed class FixedRunner(int exitCode, string output) : ICommandRunner
    {
        public string? Find(string program) => program;

        public Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan longest) =>
            Task.FromResult(new CommandResult(exitCode, output, ""));
    }
}
