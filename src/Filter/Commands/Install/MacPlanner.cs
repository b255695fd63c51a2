using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Plans an installation on macOS: agents for the gate and for Ollama, and the removal of what conflicts with
/// them.</summary>
internal sealed class MacPlanner
{
    private readonly InstallPaths _paths;
    private readonly MachineState _state;
    private readonly Answers _answers;
    private readonly GateAgent _agents;
    private readonly GateSteps _gate;
    private readonly AgentSteps _launchd;
    private readonly HostEnvironment _environment;

    public MacPlanner(HostEnvironment environment, InstallPaths paths, MachineState state, Answers answers, Disk disk)
    {
        _state = answers.IsYes(QuestionKind.InstallOllama) ? state.WithOfferedOllama() : state;
        (_environment, _paths, _answers) = (environment, paths, answers);
        _agents = new GateAgent(environment, paths);
        _gate = new GateSteps(environment, paths, state, disk);
        _launchd = new AgentSteps(environment, paths, state.Journal, disk);
    }

    /// <summary>Whether <c>install</c> writes a new agent for Ollama: nothing else starts Ollama, or only what is
    /// replaced.</summary>
    public static bool WritesNewAgent(MachineState state) =>
        state.OllamaProgram is not null
        && IsLocal(state)
        && state.OllamaAgents.Count == 0
        && state.UnreadOllamas.Count == 0
        && (state.HasBrewOllama || (!state.HasApp && !state.OllamaResponds));

    /// <param name="withOllama">Plan for Ollama's service too.</param>
    /// <param name="models">The models to load after a login; empty for no change.</param>
    public InstallPlan Plan(bool withOllama, IReadOnlyList<string> models)
    {
        if (_state.SystemHaproxy is { } systemAgent)
        {
            string domain = systemAgent.IsDaemon ? "system" : AgentLabel.DomainTarget(_environment.UserId);
            return InstallPlan.Refused(
                $"HAProxy uses the port: {systemAgent.Label} ({systemAgent.Path}) runs it, and only root can stop it. "
                    + $"Stop it, then run install again: sudo launchctl bootout {domain}/{systemAgent.Label} "
                    + $"&& sudo mv {systemAgent.Path} "
                    + $"{systemAgent.Path}.before-fastgate. Nothing was changed."
            );
        }
        if (_state.IsHaproxyInTheWay && !_answers.IsYes(QuestionKind.ReplaceHaproxy))
            return InstallPlan.Refused(
                "HAProxy uses the port that FastGate needs, and you chose to keep HAProxy. Nothing was changed."
            );
        List<string> notes = [.. _state.Mac.Warnings(), .. _gate.Notes()];
        List<Step> steps =
        [
            new Requirements(_environment, _paths).Check(),
            .. MacSystem.Steps(_environment, _answers),
            _gate.Build(),
            _gate.Config(),
            _gate.Logs(),
        ];
        if (withOllama)
            AddOllama(steps, notes);
        AddHaproxy(steps);
        StandInSteps standIn = new(_environment);
        AddGate(steps, notes, standIn);
        if (models.Count > 0)
            steps.AddRange(new WarmSteps(_environment, _paths, _gate, _state.Journal).OnMac(_launchd, models));
        return new InstallPlan(steps, notes) { StandIn = standIn };
    }

    private static bool IsLocal(MachineState state) =>
        state.Plan.Upstream.KnownAddresses is [var first, ..] && System.Net.IPAddress.IsLoopback(first);

    private void AddHaproxy(List<Step> steps)
    {
        if (!_state.IsHaproxyInTheWay)
            return;
        bool isFromBrew = _state.HaproxyLabel == InstallPaths.BrewHaproxyLabel && Brew.Find(_environment) is not null;
        steps.Add(
            isFromBrew ? _launchd.StopBrew("haproxy") : _launchd.Replace(_state.HaproxyLabel, _state.HaproxyAgent?.Path)
        );
    }

    private void AddGate(List<Step> steps, List<string> notes, StandInSteps standIn)
    {
        string path = _paths.AgentFile(InstallPaths.FastGateLabel);
        bool keepEdits = GateSteps.IsEdited(_state.Journal, path) && !_answers.IsYes(QuestionKind.OverwriteEdited);
        if (keepEdits)
            notes.Add($"{_paths.Short(path)}, which you edited, is left in place.");
        string Text() => PropertyList.Write(_agents.ToAgent(_state.Plan, _gate.NeedsDotnet));
        bool IsNew() => _gate.IsNewProgram || (!keepEdits && !GateSteps.HasContent(path, Text()));
        bool hasClients = standIn.CanBegin;
        if (hasClients)
            steps.Add(standIn.Begin(IsNew));
        steps.Add(_launchd.Unload(InstallPaths.FastGateLabel, IsNew, _state.ForeignGatePath));
        steps.AddRange(_gate.Install());
        steps.Add(_gate.ShellFiles());
        if (!keepEdits)
            steps.Add(_gate.WriteService(path, Text));
        steps.Add(_launchd.Load(InstallPaths.FastGateLabel, IsNew));
        if (hasClients)
            steps.Add(standIn.End());
    }

    private void AddOllama(List<Step> steps, List<string> notes)
    {
        if (!IsLocal(_state))
            notes.Add(
                $"Ollama is at {_state.Plan.Upstream}, on another machine: "
                    + "make sure that only this machine can reach it."
            );
        else if (_state.HasBrewOllama && !_answers.IsYes(QuestionKind.StopBrew))
            NoteBrew(notes);
        else
        {
            if (_state.HasBrewOllama)
                steps.Add(
                    Brew.Find(_environment) is not null
                        ? _launchd.StopBrew("ollama")
                        : _launchd.Replace(InstallPaths.BrewOllamaLabel)
                );
            AddAgents(steps, notes);
        }
    }

    private void AddAgents(List<Step> steps, List<string> notes)
    {
        foreach (UnreadPropertyList list in _state.UnreadOllamas)
            notes.Add(
                $"{_paths.Short(list.Path)} could not be read ({list.Problem}), so what it starts is unknown. "
                    + $"If it starts Ollama, set {OllamaHost.Variable}={_state.Plan.Upstream} in it."
            );
        if (_state.OllamaAgents.Count > 0)
            AddChanges(steps, notes);
        else if (_state.UnreadOllamas.Count > 0)
            return;
        else if (_state.HasApp && !_state.HasBrewOllama)
            NoteApp(notes);
        else if (_state.OllamaResponds && !_state.HasBrewOllama)
            notes.Add(
                $"Ollama already runs at {_state.Plan.Upstream}, for example from \"ollama "
                    + $"serve\" in a terminal. To run it as a service, stop it and run install again."
            );
        else if (_state.OllamaProgram is { } program)
            AddNewAgent(steps, program);
        else
            notes.Add(
                _state.HasBrewOllama
                    ? "The ollama program was not found, so no service runs it now: add its folder to PATH and "
                        + "run install again."
                    : "Ollama is not installed yet: run brew install ollama, then run install again to run "
                        + "it as a service."
            );
    }

    private void NoteBrew(List<string> notes)
    {
        ServerAgent? brew = _state.Agents.Ollamas.FirstOrDefault(agent =>
            !agent.IsSystemWide && agent.Label == InstallPaths.BrewOllamaLabel.Name
        );
        string? host = brew is null ? _state.SessionHost : brew.Host;
        notes.Add(
            host is null || OllamaHost.IsLoopback(host)
                ? "Homebrew's Ollama is left in place. It listens only on loopback, unless OLLAMA_HOST is set."
                : $"Homebrew's Ollama is left in place. {OllamaHost.Variable}={host} "
                    + $"in {brew?.Source(OllamaHost.Variable, _paths.Short) ?? "the login session"} lets "
                    + $"others bypass the gate and reach it."
        );
    }

    private void AddNewAgent(List<Step> steps, string program)
    {
        string text = PropertyList.Write(
            _agents.OllamaAgent(program, _state.Plan.Upstream.ToString(), _answers.IsYes(QuestionKind.NoCloud))
        );
        steps.Add(_gate.WriteService(_paths.AgentFile(InstallPaths.OllamaLabel), () => text));
        steps.Add(_launchd.Load(InstallPaths.OllamaLabel));
    }

    private void AddChanges(List<Step> steps, List<string> notes)
    {
        IReadOnlyList<ServerAgent> all = _state.OllamaAgents;
        bool isAnyLoaded = all.Any(agent => agent.IsLoaded == true);
        foreach (ServerAgent agent in all)
        {
            // An agent that is not running is not started beside one that is, because both would use the same port.
            bool isToRun =
                agent.IsLoaded == true
                || (!isAnyLoaded && agent.Label == InstallPaths.OllamaLabel.Name && !agent.IsSystemWide);
            if (agent.IsOpen)
                AddChange(agent, isToRun, steps, notes);
            // It already listens only on loopback, so it is left in place.
            else if (isToRun && !agent.IsSystemWide && agent.Known is { } label)
                steps.Add(_launchd.Load(label, path: agent.Path));
            else if (!isAnyLoaded && !_state.OllamaResponds)
                notes.Add(
                    $"{agent.Label} ({_paths.Short(agent.Path)}) starts Ollama, but is not "
                        + $"loaded: {agent.ReloadLine(_environment.UserId, Quote)}"
                );
        }
        if (all.Count > 1)
            notes.Add(
                $"{string.Join(" and ", all.Select(agent => $"{agent.Label} ({_paths.Short(agent.Path)})"))} "
                    + $"start Ollama, but only one of them can use the port. Keep one."
            );
    }

    private void AddChange(ServerAgent agent, bool isToRun, List<Step> steps, List<string> notes)
    {
        string host = _state.Plan.Upstream.ToString();
        string open =
            $"{OllamaHost.Variable}={agent.Host} in {agent.Source(OllamaHost.Variable, _paths.Short)} "
            + $"lets others bypass the gate and reach Ollama";
        if (agent.Obstacle(OllamaHost.Variable) is { } obstacle)
        {
            notes.Add(
                $"{open}. It is left in place, because {obstacle}. Set {OllamaHost.Variable}={host} there, "
                    + $"then run: {agent.ReloadLine(_environment.UserId, Quote)}"
            );
            return;
        }
        if (!_answers.IsYes(QuestionKind.RestrictOllama))
        {
            notes.Add($"{open}. You chose to leave it in place.");
            return;
        }
        List<(string, string)> changes = [(OllamaHost.Variable, host)];
        if (_answers.IsYes(QuestionKind.NoCloud) && agent.Obstacle(OllamaCloud.Variable) is null)
            changes.Add((OllamaCloud.Variable, OllamaCloud.Off));
        string text = agent.Agent.WithVariables([.. changes]);
        bool IsNew() => !GateSteps.HasContent(agent.Path, text);
        AgentLabel label = agent.Known!;
        steps.Add(_launchd.Unload(label, () => isToRun && IsNew(), agent.Path));
        steps.Add(_gate.WriteService(agent.Path, () => text));
        if (isToRun)
            steps.Add(_launchd.Load(label, IsNew, agent.Path));
    }

    private void NoteApp(List<string> notes)
    {
        notes.Add("Ollama.app runs Ollama on this machine. Turn off \"Expose Ollama to the network\" in its Settings.");
        if (_state.SessionHost is { } host && !OllamaHost.IsLoopback(host))
            notes.Add(
                $"The login session sets {OllamaHost.Variable}={host}, which Ollama.app uses. Run launchctl "
                    + $"unsetenv {OllamaHost.Variable}, then quit and open Ollama.app."
            );
    }

    private static string Quote(string word) => ShellWords.Quote(word);
}
