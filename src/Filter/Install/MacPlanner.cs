using FastGate.Launchd;

namespace FastGate.Install;

/// <summary>Plans an installation on a Mac: two agents of the user, and what has to go before they can be there.</summary>
internal sealed class MacPlanner
{
    private readonly Places places;
    private readonly Findings findings;
    private readonly Answers answers;
    private readonly GateAgent agents;
    private readonly GateSteps gate;
    private readonly AgentSteps launchd;
    private readonly Site site;

    public MacPlanner(Site site, Places places, Findings findings, Answers answers, Disk disk)
    {
        (this.site, this.places, this.findings, this.answers) = (site, places, findings, answers);
        agents = new GateAgent(site, places);
        gate = new GateSteps(site, places, findings, disk);
        launchd = new AgentSteps(site, places, findings.Journal, disk);
    }

    /// <param name="withOllama">Ollama's agent is seen to as well.</param>
    public InstallPlan Plan(bool withOllama)
    {
        if (findings.IsHaproxyInTheWay && !Answer(QuestionKind.ReplaceHaproxy))
            return new InstallPlan([], [], "HAProxy keeps the port, so FastGate could not listen: nothing was changed.");
        List<string> notes = [];
        List<Step> steps = [gate.Make(), gate.Config(), gate.Logs()];
        if (withOllama) AddOllama(steps, notes);
        AddHaproxy(steps);
        AddGate(steps, notes);
        return new InstallPlan(steps, notes);
    }

    private bool Answer(QuestionKind kind) => answers.GetValueOrDefault(kind);

    private void AddHaproxy(List<Step> steps)
    {
        if (!findings.IsHaproxyInTheWay) return;
        steps.Add(launchd.Retire(Places.HaproxyLabel));
    }

    private void AddGate(List<Step> steps, List<string> notes)
    {
        string path = places.AgentFile(Places.FastGateLabel);
        bool keepsEdits = gate.IsEdited(path) && !Answer(QuestionKind.RewriteEdited);
        if (keepsEdits) notes.Add($"{places.Short(path)} stays as you changed it.");
        string Text() => PropertyList.Write(agents.ToAgent(findings.Plan, gate.NeedsDotnet));
        bool IsNew() => gate.IsNewProgram || (!keepsEdits && !GateSteps.Is(path, Text()));
        steps.Add(launchd.StopIf(Places.FastGateLabel, IsNew));
        steps.Add(gate.Put());
        if (!keepsEdits) steps.Add(gate.Keep(path, Text));
        steps.Add(launchd.Load(Places.FastGateLabel, IsNew));
    }

    private void AddOllama(List<Step> steps, List<string> notes)
    {
        if (findings.Plan.Upstream.KnownAddresses is not [var first, ..] || !System.Net.IPAddress.IsLoopback(first))
            notes.Add($"Ollama is at {findings.Plan.Upstream}, which is not this machine: see to it there that only this machine reaches it.");
        else if (findings.HasBrewOllama && Answer(QuestionKind.StopBrew)) AddInPlaceOfBrew(steps, notes);
        else if (findings.HasBrewOllama) notes.Add("Homebrew's Ollama stays. It hears loopback only unless OLLAMA_HOST says otherwise.");
        else if (findings.HasOllamaAgent) AddChangeOfAgent(steps, notes);
        else if (findings.HasApp) NoteApp(notes);
        else if (findings.OllamaAnswers) notes.Add(
            $"Something serves Ollama at {findings.Plan.Upstream} already, such as \"ollama serve\" in a terminal: end it and run install again to have it kept by launchd.");
        else if (findings.OllamaProgram is { } program) AddNewAgent(steps, program);
        else notes.Add("There is no Ollama here yet: brew install ollama, then run install again to have it kept by launchd.");
    }

    private void AddInPlaceOfBrew(List<Step> steps, List<string> notes)
    {
        steps.Add(Brew.Find(site) is not null ? launchd.StopBrew("ollama") : launchd.Retire(Places.BrewOllamaLabel));
        if (findings.HasOllamaAgent) AddChangeOfAgent(steps, notes);
        else if (findings.OllamaProgram is { } program) AddNewAgent(steps, program);
        else notes.Add("Ollama's program was not found, so nothing keeps it now: put it on the PATH and run install again.");
    }

    private void AddNewAgent(List<Step> steps, string program)
    {
        string text = PropertyList.Write(agents.OllamaAgent(program, findings.Plan.Upstream.ToString()));
        steps.Add(gate.Keep(places.AgentFile(Places.OllamaLabel), () => text));
        steps.Add(launchd.Load(Places.OllamaLabel));
    }

    private void AddChangeOfAgent(List<Step> steps, List<string> notes)
    {
        string path = places.AgentFile(Places.OllamaLabel);
        string host = findings.Plan.Upstream.ToString();
        if (!findings.IsOllamaAgentOpen)
        {
            // It hears loopback only, whoever wrote it: nothing of it is changed.
            steps.Add(launchd.Load(Places.OllamaLabel));
            return;
        }
        if (!Answer(QuestionKind.CloseOllama))
        {
            notes.Add($"{places.Short(path)} stays, so others reach Ollama past the gate.");
            return;
        }
        if (findings.OllamaAgent is null && findings.OllamaProgram is null)
        {
            notes.Add($"{places.Short(path)} cannot be read and Ollama's program was not found: set {OllamaHost.Variable}={host} there yourself.");
            return;
        }
        string text = findings.OllamaAgent?.WithVariable(OllamaHost.Variable, host)
            ?? PropertyList.Write(agents.OllamaAgent(findings.OllamaProgram!, host));
        bool IsNew() => !GateSteps.Is(path, text);
        steps.Add(launchd.StopIf(Places.OllamaLabel, IsNew));
        steps.Add(gate.Keep(path, () => text));
        steps.Add(launchd.Load(Places.OllamaLabel, IsNew));
    }

    private void NoteApp(List<string> notes)
    {
        notes.Add("Ollama.app keeps Ollama here. In its Settings, \"Expose Ollama to the network\" has to be off.");
        if (findings.SessionHost is { } host && !OllamaHost.IsLoopback(host))
            notes.Add($"The session has {OllamaHost.Variable}={host}, which Ollama.app follows: launchctl unsetenv {OllamaHost.Variable}, then quit and open Ollama.app.");
    }
}
