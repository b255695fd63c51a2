using FastGate.Commands.Status;
using FastGate.Launchd;
using FastGate.Test.Commands.Install;

namespace FastGate.Test.Commands.Status;

/// <summary>Who keeps the gate, as launchd and systemd say it.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class KeeperTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task NothingInstalled_IsNobody(bool isMac)
    {
        using Home home = new(isMac);
        ServiceState state = await ServiceManager.AskAsync(home.Site);
        Assert.AreEqual(ServiceState.None, state);
        StringAssert.Contains(state.Cure, "fastgate install");
    }

    [TestMethod]
    public async Task Agent_IsSaidAsLaunchdSaysIt()
    {
        using Home home = new(isMac: true);
        home.Load("com.fastgate", "an agent");
        ServiceState state = await ServiceManager.AskAsync(home.Site);
        Assert.AreEqual("agent com.fastgate: running, process 77", state.Description);
        Assert.IsTrue(state.IsWell);
    }

    [TestMethod]
    public async Task AgentThatEnds_IsNotWell_AndItsLogIsNamed()
    {
        using Home home = new(isMac: true);
        home.Runner = new SayingRunner(
            0,
            "gui/501/com.fastgate = {\n\tstate = spawn scheduled\n\tlast exit code = 78: EX_CONFIG\n}\n"
        );
        ServiceState state = await ServiceManager.AskAsync(home.Site);
        Assert.AreEqual("agent com.fastgate: spawn scheduled, last exit 78: EX_CONFIG", state.Description);
        Assert.IsFalse(state.IsWell);
        StringAssert.Contains(state.Cure, "~/Library/Logs/FastGate/fastgate.log");
    }

    [TestMethod]
    public async Task AgentThatIsNotLoaded_IsTold()
    {
        using Home home = new(isMac: true);
        home.Write("Library/LaunchAgents/com.fastgate.plist", "an agent");
        ServiceState state = await ServiceManager.AskAsync(home.Site);
        Assert.AreEqual("agent com.fastgate: not loaded", state.Description);
        StringAssert.Contains(state.Cure, "launchctl bootstrap gui/");
        StringAssert.Contains(state.Cure, " ~/Library/LaunchAgents/com.fastgate.plist");
    }

    [TestMethod]
    [DataRow("active running enabled", "systemd unit fastgate.service: active, starts by itself", true)]
    [DataRow("inactive dead disabled", "systemd unit fastgate.service: not active, does not start by itself", false)]
    public async Task Unit_IsSaidAsSystemdSaysIt(string states, string said, bool isWell)
    {
        using Home home = new(isMac: false);
        home.Write(".config/systemd/user/fastgate.service", "a unit");
        string[] state = states.Split(' ');
        home.Runner = new SayingRunner(
            0,
            $"LoadState=loaded\nActiveState={state[0]}\nSubState={state[1]}\nUnitFileState={state[2]}\n"
        );
        ServiceState service = await ServiceManager.AskAsync(home.Site);
        Assert.AreEqual(said, service.Description);
        Assert.AreEqual(isWell, service.IsWell);
        StringAssert.Contains(service.Cure, "journalctl --user -u fastgate");
    }

    /// <summary>Every program says the same.</summary>
    private sealed class SayingRunner(int exitCode, string output) : ICommandRunner
    {
        public string? Find(string program) => program;

        public Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan longest) =>
            Task.FromResult(new CommandResult(exitCode, output, ""));
    }
}
