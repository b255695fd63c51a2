using FastGate.Install;
using FastGate.Launchd;
using FastGate.Transport;

namespace FastGate.Doctor;

/// <summary>What launchd says of the agents, on macOS.</summary>
internal sealed class AgentChecks(Patient patient)
{
    // More starts than anybody makes by hand: it ends by itself, again and again.
    private const int RunsMany = 10;

    private Places Places => patient.Places;

    private Remedies Remedies => patient.Remedies;

    public IEnumerable<Check> OfGate() =>
    [
        new("gate-agent", CheckGroup.Service, "agent com.fastgate", GateAsync),
        new("gate-agent-file", CheckGroup.Service, "its property list", _ => Task.FromResult(GateFile())),
        new("haproxy-gone", CheckGroup.Service, "the HAProxy set-up", HaproxyAsync),
    ];

    public IEnumerable<Check> OfOllama() =>
    [
        new("ollama-agent", CheckGroup.Service, "agent of Ollama", OllamaAsync),
        new("ollama-host", CheckGroup.Isolation, "OLLAMA_HOST", OllamaHostAsync),
    ];

    private async Task<Finding> GateAsync(Visit visit)
    {
        (AgentState? state, CommandResult result) = await PrintAsync(visit, Places.FastGateLabel);
        if (state is null) return NotLoaded(result, Places.FastGateLabel, Remedies.LoadGate);
        Remedies.GateFails = !state.IsRunning;
        return StateOf(state, Places.FastGateLabel, patient.Config.Plan is null ? Remedies.CheckConfig : Remedies.GateLog);
    }

    private Finding GateFile()
    {
        string path = Places.AgentFile(Places.FastGateLabel);
        string shown = Places.Short(path);
        if (!File.Exists(path)) return Finding.Fail($"{shown} is not there", Remedies.Install);
        if (!WrittenAgent.TryRead(RegularFile.ReadText(path), out WrittenAgent? agent, out string? problem))
            return Finding.Fail($"{shown}: {problem}", $"plutil -lint {Shell.Word(shown)} ; {Remedies.Install}");
        if (agent.Label != Places.FastGateLabel.Name) return Finding.Fail($"{shown} is of the agent {agent.Label}", Remedies.Install);
        return agent.ProgramArguments is [var program, ..] && File.Exists(program)
            ? Finding.Pass($"{shown} starts {Places.Short(program)}")
            : Finding.Fail($"{shown} starts a program that is not there", Remedies.Install);
    }

    private async Task<Finding> HaproxyAsync(Visit visit)
    {
        (AgentState? state, _) = await PrintAsync(visit, Places.HaproxyLabel);
        return state is null ? Finding.Pass("com.haproxy is not loaded")
            : Finding.Fail("com.haproxy is still loaded, and may have the port or a way past the allowlist", Remedies.Install);
    }

    private async Task<Finding> OllamaAsync(Visit visit)
    {
        foreach (AgentLabel label in (AgentLabel[])[Places.OllamaLabel, Places.BrewOllamaLabel])
        {
            (AgentState? state, CommandResult result) = await PrintAsync(visit, label);
            if (state is not null) return StateOf(state, label, Remedies.OllamaLog);
            if (!LaunchctlError.MeansNotLoaded(result.ExitCode)) return NotLoaded(result, label, Remedies.StartOllama);
        }
        return (await visit.RunAsync("pgrep", "-x", "Ollama")).Succeeded
            ? Finding.Pass("Ollama.app runs; it starts when you log in, if its settings say so")
            : Finding.Fail("neither com.ollama nor homebrew.mxcl.ollama is loaded, and Ollama.app does not run", Remedies.StartOllama);
    }

    private async Task<Finding> OllamaHostAsync(Visit visit)
    {
        string path = Places.AgentFile(Places.OllamaLabel);
        WrittenAgent? agent = null;
        if (File.Exists(path) && !WrittenAgent.TryRead(RegularFile.ReadText(path), out agent, out string? problem))
            return Finding.Fail($"{Places.Short(path)}: {problem}", $"plutil -lint {Shell.Word(Places.Short(path))} ; {Remedies.Install}");
        string? session = await new Launchctl(visit, patient.Site.UserId).SessionVariableAsync(OllamaHost.Variable);
        string? said = agent?.Variable(OllamaHost.Variable) ?? session;
        if (said is null) return Finding.Pass("it is not set, so Ollama hears 127.0.0.1");
        string where = agent?.Variable(OllamaHost.Variable) is null ? "the login session" : Places.Short(path);
        if (OllamaHost.IsLoopback(said)) return Finding.Pass($"{said}, in {where}");
        return Finding.Fail($"{said} in {where} lets others than this machine in",
            where == "the login session" ? $"launchctl setenv {OllamaHost.Variable} {patient.Plan.Upstream} ; {Remedies.Install}" : Remedies.BindOllama);
    }

    private Task<(AgentState? State, CommandResult Result)> PrintAsync(Visit visit, AgentLabel label) =>
        new Launchctl(visit, patient.Site.UserId).PrintAsync(label);

    private static Finding NotLoaded(CommandResult result, AgentLabel label, string cure) => result.ExitCode switch
    {
        CommandResult.NotFound => Finding.Skip("launchctl is not there"),
        var code when LaunchctlError.MeansNotLoaded(code) => Finding.Fail($"{label} is not loaded", cure),
        _ => Finding.Fail(LaunchctlError.Explain("print", result), cure),
    };

    private static Finding StateOf(AgentState state, AgentLabel label, string log)
    {
        string runs = state.Runs is { } count ? $", started {count} times since it was loaded" : "";
        string exit = state.LastExit is { } last ? $", last ended with {last}" : "";
        Fact[] facts = [Fact.Of("state", state.State), Fact.Of("runs", state.Runs ?? 0), Fact.Of("lastExit", state.LastExit ?? "")];
        if (!state.IsRunning)
            return Finding.Fail($"{label} is loaded and {(state.State.Length > 0 ? $"\"{state.State}\"" : "does not run")}{runs}{exit}", log, facts);
        return state.Runs >= RunsMany && state.LastExit is not (null or "0")
            ? Finding.Fail($"{label} runs, and ends again and again{runs}{exit}", log, facts)
            : Finding.Pass($"{label} runs, pid {state.ProcessId}{runs}{exit}", facts);
    }
}
