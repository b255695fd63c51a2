using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Plans an installation on a Mac: two agents of the user, and what has to go before they can be
/// there.</summary>
internal sealed class MacPlanner
{
    private readonly InstallPaths _places;
    private readonly MachineState _findings;
    private readonly Answers _answers;
    private readonly GateAgent _agents;
    private readonly GateSteps _gate;
    private readonly AgentSteps _launchd;
    private readonly HostEnvironment _site;

    public MacPlanner(HostEnvironment site, InstallPaths places, MachineState findings, Answers answers, Disk disk)
    {
        (_site, _places, _findings, _answers) = (site, places, findings, answers);
        _agents = new GateAgent(site, places);
        _gate = new GateSteps(site, places, findings, disk);
        _launchd = new AgentSteps(site, places, findings.Journal, disk);
    }

    /// <summary>Nothing starts Ollama here, or only what is replaced, so that install writes an agent for it.</summary>
    public static bool WritesNewAgent(MachineState findings) =>
        findings.OllamaProgram is not null
        && IsHere(findings)
        && findings.OllamaAgents.Count == 0
        && findings.UnreadOllamas.Count == 0
        && (findings.HasBrewOllama || (!findings.HasApp && !findings.OllamaAnswers));

    /// <param name="withOllama">Ollama's agent is seen to as well.</param>
    public InstallPlan Plan(bool withOllama)
    {
        if (_findings.SystemsHaproxy is { } systems)
        {
            string domain = systems.IsDaemon ? "system" : AgentLabel.DomainTarget(_site.UserId);
            return new InstallPlan(
                [],
                [],
                $"HAProxy keeps the port: {systems.Label} ({systems.Path}) runs it, and only root can stop that. "
                    + $"Stop it, and run install again: sudo launchctl bootout {domain}/{systems.Label} "
                    + $"&& sudo mv {systems.Path} "
                    + $"{systems.Path}.before-fastgate. Nothing was changed."
            );
        }
        if (_findings.IsHaproxyInTheWay && !Answer(QuestionKind.ReplaceHaproxy))
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
        List<Step> steps = [_gate.Make(), _gate.Config(), _gate.Logs()];
        if (withOllama)
            AddOllama(steps, notes);
        AddHaproxy(steps);
        AddGate(steps, notes);
        return new InstallPlan(steps, notes);
    }

    private static bool IsHere(MachineState findings) =>
        findings.Plan.Upstream.KnownAddresses is [var first, ..] && System.Net.IPAddress.IsLoopback(first);

    private bool Answer(QuestionKind kind) => _answers.GetValueOrDefault(kind);

    private void AddHaproxy(List<Step> steps)
    {
        if (!_findings.IsHaproxyInTheWay)
            return;
        bool isBrews = _findings.HaproxyLabel == InstallPaths.BrewHaproxyLabel && Brew.Find(_site) is not null;
        steps.Add(
            isBrews
                ? _launchd.StopBrew("haproxy")
                : _launchd.Retire(_findings.HaproxyLabel, _findings.HaproxyAgent?.Path)
        );
    }

    private void AddGate(List<Step> steps, List<string> notes)
    {
        string path = _places.AgentFile(InstallPaths.FastGateLabel);
        bool keepsEdits = _gate.IsEdited(path) && !Answer(QuestionKind.RewriteEdited);
        if (keepsEdits)
            notes.Add($"{_places.Short(path)} stays as you changed it.");
        string Text() => PropertyList.Write(_agents.ToAgent(_findings.Plan, _gate.NeedsDotnet));
        bool IsNew() => _gate.IsNewProgram || (!keepsEdits && !GateSteps.Is(path, Text()));
        steps.Add(_launchd.StopIf(InstallPaths.FastGateLabel, IsNew, _findings.ForeignGatePath));
        steps.Add(_gate.Put());
        if (!keepsEdits)
            steps.Add(_gate.Keep(path, Text));
        steps.Add(_launchd.Load(InstallPaths.FastGateLabel, IsNew));
    }

    private void AddOllama(List<Step> steps, List<string> notes)
    {
        if (!IsHere(_findings))
            notes.Add(
                $"Ollama is at {_findings.Plan.Upstream}, which is not this machine: see to it there "
                    + $"that only this machine reaches it."
            );
        else if (_findings.HasBrewOllama && !Answer(QuestionKind.StopBrew))
            NoteBrew(notes);
        else
        {
            if (_findings.HasBrewOllama)
                steps.Add(
                    Brew.Find(_site) is not null
                        ? _launchd.StopBrew("ollama")
                        : _launchd.Retire(InstallPaths.BrewOllamaLabel)
                );
            AddAgents(steps, notes);
        }
    }

    private void AddAgents(List<Step> steps, List<string> notes)
    {
        foreach (UnreadList list in _findings.UnreadOllamas)
            notes.Add(
                $"{_places.Short(list.Path)} was not read ({list.Problem}), so what it starts was not seen. "
                    + $"See to it there that Ollama gets {OllamaHost.Variable}={_findings.Plan.Upstream}."
            );
        if (_findings.OllamaAgents.Count > 0)
            AddChanges(steps, notes);
        else if (_findings.UnreadOllamas.Count > 0)
            return;
        else if (_findings.HasApp && !_findings.HasBrewOllama)
            NoteApp(notes);
        else if (_findings.OllamaAnswers && !_findings.HasBrewOllama)
            notes.Add(
                $"Something serves Ollama at {_findings.Plan.Upstream} already, such as \"ollama "
                    + $"serve\" in a terminal: end it and run install again to have it kept by launchd."
            );
        else if (_findings.OllamaProgram is { } program)
            AddNewAgent(steps, program);
        else
            notes.Add(
                _findings.HasBrewOllama
                    ? "Ollama's program was not found, so nothing keeps it now: put it on the PATH and "
                        + "run install again."
                    : "There is no Ollama here yet: brew install ollama, then run install again to have "
                        + "it kept by launchd."
            );
    }

    private void NoteBrew(List<string> notes)
    {
        ServerAgent? brew = _findings.Agents.Ollamas.FirstOrDefault(agent =>
            !agent.IsSystems && agent.Label == InstallPaths.BrewOllamaLabel.Name
        );
        string? host = brew is null ? _findings.SessionHost : brew.Host;
        notes.Add(
            host is null || OllamaHost.IsLoopback(host)
                ? "Homebrew's Ollama stays. It hears loopback only unless OLLAMA_HOST says otherwise."
                : $"Homebrew's Ollama stays, and {OllamaHost.Variable}={host} "
                    + $"in {brew?.Source(OllamaHost.Variable, _places.Short) ?? "the login session"} lets "
                    + $"others reach it past the gate."
        );
    }

    private void AddNewAgent(List<Step> steps, string program)
    {
        string text = PropertyList.Write(
            _agents.OllamaAgent(program, _findings.Plan.Upstream.ToString(), Answer(QuestionKind.NoCloud))
        );
        steps.Add(_gate.Keep(_places.AgentFile(InstallPaths.OllamaLabel), () => text));
        steps.Add(_launchd.Load(InstallPaths.OllamaLabel));
    }

    private void AddChanges(List<Step> steps, List<string> notes)
    {
        IReadOnlyList<ServerAgent> all = _findings.OllamaAgents;
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
            else if (!isAnyLoaded && !_findings.OllamaAnswers)
                notes.Add(
                    $"{agent.Label} ({_places.Short(agent.Path)}) starts Ollama, and is not "
                        + $"loaded: {agent.ReloadLine(_site.UserId, Quoted)}"
                );
        }
        if (all.Count > 1)
            notes.Add(
                $"{string.Join(" and ", all.Select(agent => $"{agent.Label} ({_places.Short(agent.Path)})"))} "
                    + $"start Ollama; only one of them can have the port. Keep one."
            );
    }

    private void AddChange(ServerAgent agent, bool isToRun, List<Step> steps, List<string> notes)
    {
        string host = _findings.Plan.Upstream.ToString();
        string open =
            $"{OllamaHost.Variable}={agent.Host} in {agent.Source(OllamaHost.Variable, _places.Short)} "
            + $"lets others reach Ollama past the gate";
        if (agent.Obstacle(OllamaHost.Variable) is { } obstacle)
        {
            notes.Add(
                $"{open}. It stays, since {obstacle}: set {OllamaHost.Variable}={host} there, and "
                    + $"then: {agent.ReloadLine(_site.UserId, Quoted)}"
            );
            return;
        }
        if (!Answer(QuestionKind.CloseOllama))
        {
            notes.Add($"{open}. It stays, so others reach Ollama past the gate.");
            return;
        }
        List<(string, string)> changes = [(OllamaHost.Variable, host)];
        if (Answer(QuestionKind.NoCloud) && agent.Obstacle(OllamaCloud.Variable) is null)
            changes.Add((OllamaCloud.Variable, OllamaCloud.Off));
        string text = agent.Agent.WithVariables([.. changes]);
        bool IsNew() => !GateSteps.Is(agent.Path, text);
        AgentLabel label = agent.Known!;
        steps.Add(_launchd.StopIf(label, () => isToRun && IsNew(), agent.Path));
        steps.Add(_gate.Keep(agent.Path, () => text));
        if (isToRun)
            steps.Add(_launchd.Load(label, IsNew, agent.Path));
    }

    private void NoteApp(List<string> notes)
    {
        notes.Add("Ollama.app keeps Ollama here. In its Settings, \"Expose Ollama to the network\" has to be off.");
        if (_findings.SessionHost is { } host && !OllamaHost.IsLoopback(host))
            notes.Add(
                $"The session has {OllamaHost.Variable}={host}, which Ollama.app follows: launchctl "
                    + $"unsetenv {OllamaHost.Variable}, then quit and open Ollama.app."
            );
    }

    private static string Quoted(string word) => ShellWords.Quote(word);
}
