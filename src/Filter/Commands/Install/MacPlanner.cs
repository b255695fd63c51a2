using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Plans an installation on a Mac: two agents of the user, and what has to go before they can be
/// there.</summary>
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
        (_environment, _paths, _state, _answers) = (environment, paths, state, answers);
        _agents = new GateAgent(environment, paths);
        _gate = new GateSteps(environment, paths, state, disk);
        _launchd = new AgentSteps(environment, paths, state.Journal, disk);
    }

    /// <summary>Nothing starts Ollama here, or only what is replaced, so that install writes an agent for it.</summary>
    public static bool WritesNewAgent(MachineState state) =>
        state.OllamaProgram is not null
        && IsLocal(state)
        && state.OllamaAgents.Count == 0
        && state.UnreadOllamas.Count == 0
        && (state.HasBrewOllama || (!state.HasApp && !state.OllamaResponds));

    /// <param name="withOllama">Ollama's agent is seen to as well.</param>
    public InstallPlan Plan(bool withOllama)
    {
        if (_state.SystemHaproxy is { } systems)
        {
            string domain = systems.IsDaemon ? "system" : AgentLabel.DomainTarget(_environment.UserId);
            return new InstallPlan(
                [],
                [],
                $"HAProxy keeps the port: {systems.Label} ({systems.Path}) runs it, and only root can stop that. "
                    + $"Stop it, and run install again: sudo launchctl bootout {domain}/{systems.Label} "
                    + $"&& sudo mv {systems.Path} "
                    + $"{systems.Path}.before-fastgate. Nothing was changed."
            );
        }
        if (_state.IsHaproxyInTheWay && !Answer(QuestionKind.ReplaceHaproxy))
            return new InstallPlan(
                [],
                [],
                "HAProxy keeps the port, so FastGate could not listen: nothing was changed."
            );
        if (_answers.IsNo(QuestionKind.ReplaceForeign))
            return new InstallPlan(
                [],
                [],
                "What is there under FastGate's name stays, so FastGate cannot be installed: nothing was changed."
            );
        List<string> notes = [];
        List<Step> steps = [_gate.Build(), _gate.Config(), _gate.Logs()];
        if (withOllama)
            AddOllama(steps, notes);
        AddHaproxy(steps);
        AddGate(steps, notes);
        return new InstallPlan(steps, notes);
    }

    private static bool IsLocal(MachineState state) =>
        state.Plan.Upstream.KnownAddresses is [var first, ..] && System.Net.IPAddress.IsLoopback(first);

    private bool Answer(QuestionKind kind) => _answers.IsYes(kind);

    private void AddHaproxy(List<Step> steps)
    {
        if (!_state.IsHaproxyInTheWay)
            return;
        bool isBrews = _state.HaproxyLabel == InstallPaths.BrewHaproxyLabel && Brew.Find(_environment) is not null;
        steps.Add(
            isBrews ? _launchd.StopBrew("haproxy") : _launchd.Replace(_state.HaproxyLabel, _state.HaproxyAgent?.Path)
        );
    }

    private void AddGate(List<Step> steps, List<string> notes)
    {
        string path = _paths.AgentFile(InstallPaths.FastGateLabel);
        bool keepsEdits = _gate.IsEdited(path) && !Answer(QuestionKind.OverwriteEdited);
        if (keepsEdits)
            notes.Add($"{_paths.Short(path)} stays as you changed it.");
        string Text() => PropertyList.Write(_agents.ToAgent(_state.Plan, _gate.NeedsDotnet));
        bool IsNew() => _gate.IsNewProgram || (!keepsEdits && !GateSteps.HasContent(path, Text()));
        steps.Add(_launchd.Unload(InstallPaths.FastGateLabel, IsNew, _state.ForeignGatePath));
        steps.Add(_gate.Install());
        if (!keepsEdits)
            steps.Add(_gate.WriteService(path, Text));
        steps.Add(_launchd.Load(InstallPaths.FastGateLabel, IsNew));
    }

    private void AddOllama(List<Step> steps, List<string> notes)
    {
        if (!IsLocal(_state))
            notes.Add(
                $"Ollama is at {_state.Plan.Upstream}, which is not this machine: see to it there "
                    + $"that only this machine reaches it."
            );
        else if (_state.HasBrewOllama && !Answer(QuestionKind.StopBrew))
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
        foreach (UnreadList list in _state.UnreadOllamas)
            notes.Add(
                $"{_paths.Short(list.Path)} was not read ({list.Problem}), so what it starts was not seen. "
                    + $"See to it there that Ollama gets {OllamaHost.Variable}={_state.Plan.Upstream}."
            );
        if (_state.OllamaAgents.Count > 0)
            AddChanges(steps, notes);
        else if (_state.UnreadOllamas.Count > 0)
            return;
        else if (_state.HasApp && !_state.HasBrewOllama)
            NoteApp(notes);
        else if (_state.OllamaResponds && !_state.HasBrewOllama)
            notes.Add(
                $"Something serves Ollama at {_state.Plan.Upstream} already, such as \"ollama "
                    + $"serve\" in a terminal: end it and run install again to have it kept by launchd."
            );
        else if (_state.OllamaProgram is { } program)
            AddNewAgent(steps, program);
        else
            notes.Add(
                _state.HasBrewOllama
                    ? "Ollama's program was not found, so nothing keeps it now: put it on the PATH and "
                        + "run install again."
                    : "There is no Ollama here yet: brew install ollama, then run install again to have "
                        + "it kept by launchd."
            );
    }

    private void NoteBrew(List<string> notes)
    {
        ServerAgent? brew = _state.Agents.Ollamas.FirstOrDefault(agent =>
            !agent.IsSystems && agent.Label == InstallPaths.BrewOllamaLabel.Name
        );
        string? host = brew is null ? _state.SessionHost : brew.Host;
        notes.Add(
            host is null || OllamaHost.IsLoopback(host)
                ? "Homebrew's Ollama stays. It hears loopback only unless OLLAMA_HOST says otherwise."
                : $"Homebrew's Ollama stays, and {OllamaHost.Variable}={host} "
                    + $"in {brew?.Source(OllamaHost.Variable, _paths.Short) ?? "the login session"} lets "
                    + $"others reach it past the gate."
        );
    }

    private void AddNewAgent(List<Step> steps, string program)
    {
        string text = PropertyList.Write(
            _agents.OllamaAgent(program, _state.Plan.Upstream.ToString(), Answer(QuestionKind.NoCloud))
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
            // What does not run is not started beside what does: they would fight for the port.
            bool isToRun =
                agent.IsLoaded == true
                || (!isAnyLoaded && agent.Label == InstallPaths.OllamaLabel.Name && !agent.IsSystems);
            if (agent.IsOpen)
                AddChange(agent, isToRun, steps, notes);
            // It hears loopback only, whoever wrote it: nothing of it is changed.
            else if (isToRun && !agent.IsSystems && agent.Known is { } label)
                steps.Add(_launchd.Load(label, path: agent.Path));
            else if (!isAnyLoaded && !_state.OllamaResponds)
                notes.Add(
                    $"{agent.Label} ({_paths.Short(agent.Path)}) starts Ollama, and is not "
                        + $"loaded: {agent.ReloadLine(_environment.UserId, Quote)}"
                );
        }
        if (all.Count > 1)
            notes.Add(
                $"{string.Join(" and ", all.Select(agent => $"{agent.Label} ({_paths.Short(agent.Path)})"))} "
                    + $"start Ollama; only one of them can have the port. Keep one."
            );
    }

    private void AddChange(ServerAgent agent, bool isToRun, List<Step> steps, List<string> notes)
    {
        string host = _state.Plan.Upstream.ToString();
        string open =
            $"{OllamaHost.Variable}={agent.Host} in {agent.Source(OllamaHost.Variable, _paths.Short)} "
            + $"lets others reach Ollama past the gate";
        if (agent.Obstacle(OllamaHost.Variable) is { } obstacle)
        {
            notes.Add(
                $"{open}. It stays, since {obstacle}: set {OllamaHost.Variable}={host} there, and "
                    + $"then: {agent.ReloadLine(_environment.UserId, Quote)}"
            );
            return;
        }
        if (!Answer(QuestionKind.RestrictOllama))
        {
            notes.Add($"{open}. It stays, so others reach Ollama past the gate.");
            return;
        }
        List<(string, string)> changes = [(OllamaHost.Variable, host)];
        if (Answer(QuestionKind.NoCloud) && agent.Obstacle(OllamaCloud.Variable) is null)
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
        notes.Add("Ollama.app keeps Ollama here. In its Settings, \"Expose Ollama to the network\" has to be off.");
        if (_state.SessionHost is { } host && !OllamaHost.IsLoopback(host))
            notes.Add(
                $"The session has {OllamaHost.Variable}={host}, which Ollama.app follows: launchctl "
                    + $"unsetenv {OllamaHost.Variable}, then quit and open Ollama.app."
            );
    }

    private static string Quote(string word) => ShellWords.Quote(word);
}
