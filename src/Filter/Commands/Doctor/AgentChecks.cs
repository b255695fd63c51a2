using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Launchd;

namespace FastGate.Commands.Doctor;

/// <summary>What launchd says of the agents, on macOS.</summary>
internal sealed class AgentChecks(DoctorContext patient)
{
    // More starts than anybody makes by hand: it ends by itself, again and again.
    private const int RunsMany = 10;

    private InstallPaths Places => patient.Places;

    private Fixes Remedies => patient.Remedies;

    public IEnumerable<DoctorCheck> OfGate() =>
        [
            new("gate-agent", CheckGroup.Service, "agent com.fastgate", GateAsync),
            new("gate-agent-file", CheckGroup.Service, "its property list", _ => Task.FromResult(GateFile())),
            new("haproxy-gone", CheckGroup.Service, "the HAProxy set-up", HaproxyAsync),
        ];

    public IEnumerable<DoctorCheck> OfOllama() =>
        [
            new("ollama-agent", CheckGroup.Service, "agent of Ollama", OllamaAsync),
            new("ollama-host", CheckGroup.Isolation, "OLLAMA_HOST", OllamaHostAsync),
        ];

    private async Task<CheckResult> GateAsync(CheckContext visit)
    {
        (AgentState? state, CommandResult result) = await PrintAsync(visit, InstallPaths.FastGateLabel);
        if (state is null)
            return NotLoaded(result, InstallPaths.FastGateLabel, Remedies.LoadGate);
        Remedies.GateFails = !state.IsRunning;
        return StateOf(
            state,
            InstallPaths.FastGateLabel,
            patient.Config.Plan is null ? Remedies.CheckConfig : Remedies.GateLog
        );
    }

    private CheckResult GateFile()
    {
        string path = Places.AgentFile(InstallPaths.FastGateLabel);
        string shown = Places.Short(path);
        if (!File.Exists(path))
            return CheckResult.Fail($"{shown} is not there", Remedies.Install);
        if (!WrittenAgent.TryReadFile(path, out WrittenAgent? agent, out string? problem))
            return CheckResult.Fail($"{shown}: {problem}", $"plutil -lint {Shell.Word(shown)} ; {Remedies.Install}");
        if (agent.Label != InstallPaths.FastGateLabel.Name)
            return CheckResult.Fail($"{shown} is of the agent {agent.Label}", Remedies.Install);
        return agent.ProgramArguments is [var program, ..] && File.Exists(program)
            ? CheckResult.Pass($"{shown} starts {Places.Short(program)}")
            : CheckResult.Fail($"{shown} starts a program that is not there", Remedies.Install);
    }

    private async Task<CheckResult> HaproxyAsync(CheckContext visit)
    {
        (AgentState? state, _) = await PrintAsync(visit, InstallPaths.HaproxyLabel);
        if (state is not null)
            return CheckResult.Fail(
                "com.haproxy is still loaded, and may have the port or a way past the allowlist",
                Remedies.Install
            );
        ServerAgent[] others =
        [
            .. (await FindAsync(visit)).Haproxies.Where(agent =>
                agent.IsLoaded == true && HaproxyFiles.IsBeforeOllama(agent, patient.Site.Machine.Home)
            ),
        ];
        return others is [var other, ..]
            ? CheckResult.Fail(
                $"{other.Label} ({Places.Short(other.Path)}) runs HAProxy before Ollama, and may have "
                    + $"the port or a way past the allowlist",
                other.IsSystems
                    ? $"sudo launchctl "
                        + $"bootout {(other.IsDaemon ? "system" : AgentLabel.DomainTarget(patient.Site.UserId))}/{Shell.Word(other.Label)}"
                    : Remedies.Install
            )
            : CheckResult.Pass("com.haproxy is not loaded, and no other HAProxy before Ollama was seen");
    }

    private async Task<CheckResult> OllamaAsync(CheckContext visit)
    {
        foreach (AgentLabel label in (AgentLabel[])[InstallPaths.OllamaLabel, InstallPaths.BrewOllamaLabel])
        {
            (AgentState? state, CommandResult result) = await PrintAsync(visit, label);
            if (state is not null)
                return StateOf(state, label, Remedies.OllamaLog);
            if (!LaunchctlError.MeansNotLoaded(result.ExitCode))
                return NotLoaded(result, label, Remedies.StartOllama);
        }
        foreach (
            ServerAgent agent in (await FindAsync(visit)).Ollamas.Where(agent =>
                agent is { IsLoaded: true, Known: not null }
            )
        )
        {
            (AgentState? state, _) = await new Launchctl(visit, patient.Site.UserId).PrintAsync(
                agent.Known!,
                agent.IsDaemon
            );
            if (state is not null)
                return StateOf(state, agent.Known!, Remedies.OllamaLog);
        }
        return (await visit.RunAsync("pgrep", "-x", "Ollama")).Succeeded
            ? CheckResult.Pass("Ollama.app runs; it starts when you log in, if its settings say so")
            : CheckResult.Fail(
                "no agent or daemon that starts Ollama was seen loaded, and Ollama.app does not run",
                Remedies.StartOllama
            );
    }

    private async Task<CheckResult> OllamaHostAsync(CheckContext visit)
    {
        FoundAgents found = await FindAsync(visit);
        // What is loaded first: that is what runs.
        ServerAgent[] ollamas = [.. found.Ollamas.OrderBy(agent => agent.IsLoaded == true ? 0 : 1)];
        if (ollamas.FirstOrDefault(agent => agent.IsOpen) is { } open)
            return CheckResult.Fail(
                $"{open.Host} in {open.Source(OllamaHost.Variable, Places.Short)} lets others than this machine in",
                CloseLine(open)
            );
        if (found.UnreadOllamas is [var unread, ..])
            return CheckResult.Fail(
                $"{Places.Short(unread.Path)} was not read: {unread.Problem}",
                $"plutil -lint {Shell.Word(Places.Short(unread.Path))} ; {Remedies.Install}"
            );
        if (found.Session.GetValueOrDefault(OllamaHost.Variable) is { } session && ollamas.All(agent => agent.IsDaemon))
        {
            return OllamaHost.IsLoopback(session)
                ? CheckResult.Pass($"{session}, in the login session")
                : CheckResult.Fail(
                    $"{session} in the login session lets others than this machine in",
                    $"launchctl setenv {OllamaHost.Variable} {patient.Plan.Upstream} ; {Remedies.Install}"
                );
        }
        string notSeen =
            found.Unread.Count == 0
                ? ""
                : $"; not read: {string.Join(", ", found.Unread.Select(list => Places.Short(list.Path)))}";
        return ollamas.FirstOrDefault(agent => agent.Host is not null) is { } closed
            ? CheckResult.Pass($"{closed.Host}, in {closed.Source(OllamaHost.Variable, Places.Short)}{notSeen}")
            : CheckResult.Pass(
                $"it was not seen in any agent or daemon, nor in the login session; without it Ollama "
                    + $"listens on 127.0.0.1{notSeen}"
            );
    }

    // Whatever is written into a property list that does not decide would change nothing.
    private string CloseLine(ServerAgent agent)
    {
        string file = Shell.Word(agent.Path);
        string reload = agent.ReloadLine(patient.Site.UserId, Shell.Word);
        string host = patient.Plan.Upstream.ToString();
        bool isBrews = agent.Label == InstallPaths.BrewOllamaLabel.Name;
        if (agent.Command.Variables.ContainsKey(OllamaHost.Variable))
            return $"{(agent.IsSystems ? "sudo " : "")}${{EDITOR:-vi}} {Shell.Word(agent.Command.ScriptPath ?? agent.Path)} "
                + $"&& {{ {reload} ; }}";
        if (isBrews && agent.IsSystems)
            return $"sudo brew services stop ollama ; {Remedies.Install}";
        if (isBrews || agent.Obstacle(OllamaHost.Variable) is null)
            return Remedies.Install;
        string set = agent.Agent.HasEnvironment
            ? $"plutil -replace EnvironmentVariables.{OllamaHost.Variable} -string {host} {file}"
            : $"plutil -replace EnvironmentVariables -xml "
                + $"'<dict><key>{OllamaHost.Variable}</key><string>{host}</string></dict>' {file}";
        return $"{(agent.IsSystems ? "sudo " : "")}{set} && {{ {reload} ; }}";
    }

    private async Task<FoundAgents> FindAsync(CheckContext visit) =>
        patient.Agents ??= await new AgentSearch(
            patient.Site,
            Places,
            new Launchctl(visit, patient.Site.UserId)
        ).FindAsync();

    private Task<(AgentState? State, CommandResult Result)> PrintAsync(CheckContext visit, AgentLabel label) =>
        new Launchctl(visit, patient.Site.UserId).PrintAsync(label);

    private static CheckResult NotLoaded(CommandResult result, AgentLabel label, string cure) =>
        result.ExitCode switch
        {
            CommandResult.NotFound => CheckResult.Skip("launchctl is not there"),
            var code when LaunchctlError.MeansNotLoaded(code) => CheckResult.Fail($"{label} is not loaded", cure),
            _ => CheckResult.Fail(LaunchctlError.Explain("print", result), cure),
        };

    private static CheckResult StateOf(AgentState state, AgentLabel label, string log)
    {
        string runs = state.Runs is { } count ? $", started {count} times since it was loaded" : "";
        string exit = state.LastExit is { } last ? $", last ended with {last}" : "";
        Fact[] facts =
        [
            Fact.Of("state", state.State),
            Fact.Of("runs", state.Runs ?? 0),
            Fact.Of("lastExit", state.LastExit ?? ""),
        ];
        if (!state.IsRunning)
            return CheckResult.Fail(
                $"{label} is loaded and {(state.State.Length > 0 ? $"\"{state.State}\"" : "does not run")}{runs}{exit}",
                log,
                facts
            );
        return state.Runs >= RunsMany && state.LastExit is not (null or "0")
            ? CheckResult.Fail($"{label} runs, and ends again and again{runs}{exit}", log, facts)
            : CheckResult.Pass($"{label} runs, pid {state.ProcessId}{runs}{exit}", facts);
    }
}
