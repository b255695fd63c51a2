using FastGate.Commands.Service;
using FastGate.Commands.Shared;
using FastGate.Launchd;
using FastGate.Test.Commands.Install;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Service;

/// <summary>The service verbs, on fake tools that keep the state of launchd and systemd in files.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class ServiceVerbsTests
{
    private const string Unit = ".config/systemd/user/fastgate.service";
    private const string PropertyList = "Library/LaunchAgents/com.fastgate.plist";

    [TestMethod]
    [DataRow(nameof(ServiceAction.Start), true)]
    [DataRow(nameof(ServiceAction.Stop), true)]
    [DataRow(nameof(ServiceAction.Restart), false)]
    [DataRow(nameof(ServiceAction.Enable), false)]
    [DataRow(nameof(ServiceAction.Disable), true)]
    public async Task NotInstalled_ChangesNothing_AndNamesTheCure(string action, bool isMac)
    {
        using Home home = new(isMac);
        CliResult result = await RunAsync(home, Enum.Parse<ServiceAction>(action));
        Assert.AreEqual(2, result.Code);
        Assert.Contains("run: fastgate install", result.Error);
        Assert.IsEmpty(home.Calls);
    }

    [TestMethod]
    public async Task Unit_GoesThroughEveryState()
    {
        using Home home = new(isMac: false);
        home.Write(Unit, "a unit");
        await RunInSystemdAsync(home, "daemon-reload");

        await CheckAsync(home, ServiceAction.Enable, "Enabled fastgate.service.\nState: active, enabled");
        await CheckAsync(home, ServiceAction.Enable, "fastgate.service is already enabled and running.", "");
        await CheckAsync(
            home,
            ServiceAction.Stop,
            "Stopped fastgate.service.\nState: inactive, enabled\nIt starts again at the next login or boot; "
                + "to prevent that, run: fastgate disable"
        );
        await CheckAsync(home, ServiceAction.Stop, "fastgate.service is already stopped.", "");
        await CheckAsync(home, ServiceAction.Start, "Started fastgate.service.\nState: active, enabled");
        await CheckAsync(home, ServiceAction.Start, "fastgate.service is already running.", "");
        await CheckAsync(home, ServiceAction.Disable, "Disabled fastgate.service.\nState: inactive, not enabled");
        await CheckAsync(home, ServiceAction.Disable, "fastgate.service is already disabled and stopped.", "");
        await CheckAsync(
            home,
            ServiceAction.Start,
            "Started fastgate.service.\nState: active, not enabled\nIt does not start at the next login or boot"
        );
    }

    [TestMethod]
    public async Task Agent_GoesThroughEveryState()
    {
        using Home home = new(isMac: true);
        home.Write(PropertyList, "an agent");
        string load =
            $"launchctl bootstrap gui/501 {home.PathOf(PropertyList)}\nlaunchctl kickstart gui/501/com.fastgate";

        await CheckAsync(home, ServiceAction.Start, "Started com.fastgate.\nState: running, process 77", load);
        await CheckAsync(home, ServiceAction.Start, "com.fastgate is already running.", "");
        await CheckAsync(
            home,
            ServiceAction.Restart,
            "Restarted com.fastgate.\nState: running, process 77",
            $"launchctl bootout gui/501/com.fastgate\n{load}"
        );
        await CheckAsync(
            home,
            ServiceAction.Stop,
            "Stopped com.fastgate.\nState: not loaded\nIt starts again at the next login or boot",
            "launchctl bootout gui/501/com.fastgate"
        );
        await CheckAsync(
            home,
            ServiceAction.Disable,
            "Disabled com.fastgate.\nState: not loaded, disabled",
            "launchctl disable gui/501/com.fastgate"
        );
        await CheckAsync(home, ServiceAction.Disable, "com.fastgate is already disabled and stopped.", "");

        CliResult started = await RunAsync(home, ServiceAction.Start);
        Assert.AreEqual(1, started.Code);
        Assert.Contains("com.fastgate is disabled; run: fastgate enable", started.Error);

        await CheckAsync(
            home,
            ServiceAction.Enable,
            "Enabled com.fastgate.\nState: running, process 77",
            $"launchctl enable gui/501/com.fastgate\n{load}"
        );
        await CheckAsync(home, ServiceAction.Enable, "com.fastgate is already enabled and running.", "");
    }

    [TestMethod]
    public async Task UnitThatKeepsExiting_IsNo_AndNamesItsLog()
    {
        using Home home = new(isMac: false);
        home.Write(Unit, "a unit");
        home.WriteState("failing-fastgate.service");
        CliResult result = await RunAsync(home, ServiceAction.Restart);
        Assert.AreEqual(1, result.Code);
        Assert.Contains(
            "fastgate.service is not running: see journalctl --user -u fastgate",
            result.Error.ReplaceLineEndings(" ")
        );
    }

    [TestMethod]
    public async Task WithoutAUserBus_IsCouldNot_AndNamesTheCure()
    {
        using Home home = new(isMac: false);
        home.Write(Unit, "a unit");
        home.Runner = new CommandRunner($"{Bus(home)}:/usr/bin:/bin");
        CliResult result = await RunAsync(home, ServiceAction.Restart);
        Assert.AreEqual(2, result.Code);
        Assert.Contains("XDG_RUNTIME_DIR=/run/user/$(id -u)", result.Error);
    }

    [TestMethod]
    public async Task Sudo_IsCouldNot()
    {
        using Home home = new(isMac: false);
        home.Write(Unit, "a unit");
        StringWriter output = new();
        Assert.AreEqual(
            2,
            await ServiceVerbs.RunAsync(
                ServiceAction.Stop,
                ofOllama: false,
                home.HostEnvironment with
                {
                    IsSudo = true,
                },
                new Terminal(output, output)
            )
        );
        Assert.Contains("without sudo", output.ToString());
        Assert.IsEmpty(home.Calls);
    }

    [TestMethod]
    [DataRow("com.ollama")]
    [DataRow("homebrew.mxcl.ollama")]
    [DataRow("net.me.server")]
    public async Task OllamaOnAMac_IsFoundUnderAnyLabel(string label)
    {
        using Home home = new(isMac: true);
        home.Load(label, Scenario.OllamaAgent("127.0.0.1").Replace("com.ollama", label, StringComparison.Ordinal));
        await CheckAsync(
            home,
            ServiceAction.Stop,
            $"Stopped {label}.\nState: not loaded",
            $"launchctl bootout gui/501/{label}",
            ofOllama: true
        );
        Assert.IsFalse(home.IsLoaded(label));
    }

    [TestMethod]
    public async Task OllamaApp_IsNotAService()
    {
        using Home home = new(isMac: true);
        home.AddApplication("Ollama.app");
        CliResult result = await RunAsync(home, ServiceAction.Restart, ofOllama: true);
        Assert.AreEqual(2, result.Code);
        Assert.Contains("quit and open the app", result.Error);
    }

    [TestMethod]
    public async Task DaemonOfTheSystem_IsLeftToRoot()
    {
        using Home home = new(isMac: true);
        home.WriteSystems(
            "LaunchDaemons/com.ollama.plist",
            Scenario.OllamaAgent("127.0.0.1").Replace("com.ollama", "org.ollama", StringComparison.Ordinal)
        );
        CliResult result = await RunAsync(home, ServiceAction.Restart, ofOllama: true);
        Assert.AreEqual(2, result.Code);
        Assert.Contains("sudo launchctl kickstart -k system/org.ollama", result.Error);
    }

    [TestMethod]
    public async Task OllamaOfTheSystem_OnLinux_IsLeftToRoot()
    {
        using Home home = new(isMac: false);
        home.WriteState(
            "units-of-system",
            "Id=ollama.service\nActiveState=active\nFragmentPath=/etc/systemd/system/ollama.service\n"
                + "ExecStart={ path=/usr/bin/ollama ; argv[]=/usr/bin/ollama serve ; ignore_errors=no }\n"
        );
        CliResult result = await RunAsync(home, ServiceAction.Restart, ofOllama: true);
        Assert.AreEqual(1, result.Code);
        Assert.Contains("only root may control: sudo systemctl restart ollama.service", result.Error);
        Assert.AreEqual("systemctl --no-ask-password restart ollama.service", home.Calls.Single());
    }

    [TestMethod]
    public async Task NoOllamaOnLinux_IsCouldNot()
    {
        using Home home = new(isMac: false);
        CliResult result = await RunAsync(home, ServiceAction.Start, ofOllama: true);
        Assert.AreEqual(2, result.Code);
        Assert.Contains("no systemd unit starts Ollama", result.Error);
    }

    private static async Task CheckAsync(
        Home home,
        ServiceAction action,
        string output,
        string? calls = null,
        bool ofOllama = false
    )
    {
        int before = home.Calls.Length;
        CliResult result = await RunAsync(home, action, ofOllama);
        Assert.AreEqual(0, result.Code, result.Error);
        Assert.StartsWith(output, result.Out);
        Assert.AreEqual("", result.Error);
        if (calls is not null)
            Assert.AreEqual(calls, string.Join('\n', home.Calls[before..]));
    }

    private static async Task<CliResult> RunAsync(Home home, ServiceAction action, bool ofOllama = false)
    {
        StringWriter @out = new();
        StringWriter error = new();
        int code = await ServiceVerbs.RunAsync(action, ofOllama, home.HostEnvironment, new Terminal(@out, error));
        return new CliResult(code, @out.ToString(), error.ToString());
    }

    private static Task<CommandResult> RunInSystemdAsync(Home home, string word) =>
        home.Runner.RunAsync("systemctl", ["--user", word], StepDeadline.Longest);

    // As systemctl reports it after "su".
    private static string Bus(Home home)
    {
        string folder = Path.Combine(home.Tools, "without-bus");
        Directory.CreateDirectory(folder);
        Script.Write(
            folder,
            "systemctl",
            "#!/bin/sh\necho \"Failed to connect to bus: No medium found\" >&2\nexit 1\n"
        );
        return folder;
    }
}
