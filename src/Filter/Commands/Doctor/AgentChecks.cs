using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Launchd;

namespace FastGate.Commands.Doctor;

/// <summary>The agents and daemons of launchd, on macOS.</summary>
internal sealed class AgentChecks(DoctorContext context)
{
    private InstallPaths Paths => context.Paths;

    private Fixes Fixes => context.Fixes;

    public IEnumerable<DoctorCheck> All() =>
        [
            new("gate-agent", CheckGroup.Service, "agent com.fastgate", GateAsync),
            new("gate-agent-file", CheckGroup.Service, "property list", _ => Task.FromResult(GateFile())),
            new("haproxy-gone", CheckGroup.Service, "HAProxy", HaproxyAsync),
            new("ollama-agent", CheckGroup.Service, "Ollama's agent", OllamaAsync),
            new("ollama-host", CheckGroup.Isolation, "OLLAMA_HOST", OllamaHostAsync),
        ];

    private async Task<CheckResult> GateAsync(CheckProbe probe)
    {
        ServiceStatus status = await context.GateServiceAsync(probe);
        if (!status.IsLoaded)
            return NotLoaded(status, await Fixes.LoadGateAsync(probe));
        return StateOf(status, context.Config.Plan is null ? Fixes.CheckConfig : Fixes.GateLog);
    }

    private CheckResult GateFile()
    {
        string path = Paths.AgentFile(InstallPaths.FastGateLabel);
        string shown = Paths.Short(path);
        if (!File.Exists(path))
            return CheckResult.Fail($"{shown} does not exist", Fixes.Install);
        if (!AgentPropertyList.TryReadFile(path, out AgentPropertyList? agent, out string? problem))
            return CheckResult.Fail($"{shown}: {problem}", $"plutil -lint {ShellWords.Quote(shown)} ; {Fixes.Install}");
        if (agent.Label != InstallPaths.FastGateLabel.Name)
            return CheckResult.Fail($"{shown} has the label {agent.Label}", Fixes.Install);
        return agent.ProgramArguments is [var program, ..] && File.Exists(program)
            ? CheckResult.Pass($"{shown} starts {Paths.Short(program)}")
            : CheckResult.Fail($"{shown} starts a program that does not exist", Fixes.Install);
    }

    private async Task<CheckResult> HaproxyAsync(CheckProbe probe)
    {
        if ((await StatusAsync(probe, InstallPaths.HaproxyLabel)).IsLoaded)
            return CheckResult.Fail(
                "com.haproxy is still loaded: it may use the gate's port, or bypass the allowlist",
                Fixes.Install
            );
        ServerAgent[] others =
        [
            .. (await context.AgentsAsync(probe)).Haproxies.Where(agent =>
                agent.IsLoaded == true && HaproxyFiles.IsBeforeOllama(agent, context.Host.Machine.Home)
            ),
        ];
        if (others is not [var other, ..])
            return CheckResult.Pass("no HAProxy in front of Ollama is loaded");
        string domain = other.IsDaemon ? "system" : AgentLabel.DomainTarget(context.Host.UserId);
        return CheckResult.Fail(
            $"{other.Label} ({Paths.Short(other.Path)}) runs HAProxy in front of Ollama: it may use the "
                + $"gate's port, or bypass the allowlist",
            other.IsSystemWide ? $"sudo launchctl bootout {domain}/{ShellWords.Quote(other.Label)}" : Fixes.Install
        );
    }

    private async Task<CheckResult> OllamaAsync(CheckProbe probe)
    {
        foreach (AgentLabel label in (AgentLabel[])[InstallPaths.OllamaLabel, InstallPaths.BrewOllamaLabel])
        {
            ServiceStatus status = await StatusAsync(probe, label);
            if (status.IsLoaded)
                return StateOf(status, Fixes.OllamaLog);
            if (status.IsUnknown)
                return NotLoaded(status, await Fixes.StartOllamaAsync(probe));
        }
        foreach (
            ServerAgent agent in (await context.AgentsAsync(probe)).Ollamas.Where(agent =>
                agent is { IsLoaded: true, Known: not null }
            )
        )
        {
            ServiceStatus status = await StatusAsync(probe, agent.Known!, agent.IsDaemon);
            if (status.IsLoaded)
                return StateOf(status, Fixes.OllamaLog);
        }
        return (await probe.RunAsync("pgrep", "-x", "Ollama")).Succeeded
            ? CheckResult.Pass("Ollama.app is running; it starts at login if its settings say so")
            : CheckResult.Fail(
                "no agent or daemon that starts Ollama is loaded, and Ollama.app is not running",
                await Fixes.StartOllamaAsync(probe)
            );
    }

    private async Task<CheckResult> OllamaHostAsync(CheckProbe probe)
    {
        FoundAgents found = await context.AgentsAsync(probe);
        // The loaded ones first: they run.
        ServerAgent[] ollamas = [.. found.Ollamas.OrderBy(agent => agent.IsLoaded == true ? 0 : 1)];
        if (ollamas.FirstOrDefault(agent => agent.IsOpen) is { } open)
            return CheckResult.Fail(
                $"{open.Host} in {open.Source(OllamaHost.Variable, Paths.Short)} exposes Ollama beyond this machine",
                CloseLine(open)
            );
        if (found.UnreadOllamas is [var unread, ..])
            return CheckResult.Fail(
                $"{Paths.Short(unread.Path)} could not be read: {unread.Problem}",
                $"plutil -lint {ShellWords.Quote(Paths.Short(unread.Path))} ; {Fixes.Install}"
            );
        if (found.Session.GetValueOrDefault(OllamaHost.Variable) is { } session && ollamas.All(agent => agent.IsDaemon))
        {
            return OllamaHost.IsLoopback(session)
                ? CheckResult.Pass($"{session}, in the login session")
                : CheckResult.Fail(
                    $"{session} in the login session exposes Ollama beyond this machine",
                    $"launchctl setenv {OllamaHost.Variable} {context.Plan.Upstream} ; {Fixes.Install}"
                );
        }
        string notRead =
            found.Unread.Count == 0
                ? ""
                : $"; could not read {string.Join(", ", found.Unread.Select(list => Paths.Short(list.Path)))}";
        return ollamas.FirstOrDefault(agent => agent.Host is not null) is { } closed
            ? CheckResult.Pass($"{closed.Host}, in {closed.Source(OllamaHost.Variable, Paths.Short)}{notRead}")
            : CheckResult.Pass(
                $"not set in any agent, daemon or the login session; by default, Ollama listens on 127.0.0.1{notRead}"
            );
    }

    // A change of a property list that does not decide the value would have no effect.
    private string CloseLine(ServerAgent agent)
    {
        string file = ShellWords.Quote(agent.Path);
        string sudo = agent.IsSystemWide ? "sudo " : "";
        string reload = agent.ReloadLine(context.Host.UserId, ShellWords.Quote);
        string host = context.Plan.Upstream.ToString();
        bool isFromBrew = agent.Label == InstallPaths.BrewOllamaLabel.Name;
        if (agent.Command.Variables.ContainsKey(OllamaHost.Variable))
        {
            string edited = ShellWords.Quote(agent.Command.ScriptPath ?? agent.Path);
            return $"{sudo}${{EDITOR:-vi}} {edited} && {{ {reload} ; }}";
        }
        if (isFromBrew && agent.IsSystemWide)
            return $"sudo brew services stop ollama ; {Fixes.Install}";
        if (isFromBrew || agent.Obstacle(OllamaHost.Variable) is null)
            return Fixes.Install;
        string set = agent.Agent.HasEnvironment
            ? $"plutil -replace EnvironmentVariables.{OllamaHost.Variable} -string {host} {file}"
            : $"plutil -replace EnvironmentVariables -xml "
                + $"'<dict><key>{OllamaHost.Variable}</key><string>{host}</string></dict>' {file}";
        return $"{sudo}{set} && {{ {reload} ; }}";
    }

    private Task<ServiceStatus> StatusAsync(CheckProbe probe, AgentLabel label, bool ofSystem = false) =>
        ServiceStatus.OfAgentAsync(context.Host, probe, label, ofSystem);

    private static CheckResult NotLoaded(ServiceStatus status, string cure) =>
        status.Result.ExitCode == CommandResult.NotFound ? CheckResult.Skip("launchctl does not exist")
        : status.IsUnknown ? CheckResult.Fail(LaunchctlError.Explain("print", status.Result), cure)
        : CheckResult.Fail($"{status.Name} is not loaded", cure);

    private static CheckResult StateOf(ServiceStatus status, string log) =>
        ServiceChecks.StateOf(status, isMac: true, log, log);
}
