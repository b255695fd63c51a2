using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Plans an installation on Linux: a unit of the user's systemd. Ollama is mostly a unit of the system, and is left alone.</summary>
internal sealed class LinuxPlanner
{
    private readonly Site site;
    private readonly Places places;
    private readonly Findings findings;
    private readonly Answers answers;
    private readonly Disk disk;
    private readonly GateSteps gate;
    private readonly Systemctl systemctl;

    public LinuxPlanner(Site site, Places places, Findings findings, Answers answers, Disk disk)
    {
        (this.site, this.places, this.findings, this.answers, this.disk) = (site, places, findings, answers, disk);
        gate = new GateSteps(site, places, findings, disk);
        systemctl = new Systemctl(site.Runner, site.UserName);
    }

    public InstallPlan Plan()
    {
        if (answers.IsNo(QuestionKind.ReplaceForeign))
            return new InstallPlan([], [], "What is there under FastGate's name stays, so FastGate cannot be installed: nothing was changed.");
        List<string> notes = [];
        NoteUnits(notes);
        bool keepsEdits = gate.IsEdited(places.UnitFile) && !answers.GetValueOrDefault(QuestionKind.RewriteEdited);
        if (keepsEdits) notes.Add($"{places.Short(places.UnitFile)} stays as you changed it.");
        bool IsNew() => gate.IsNewProgram || (!keepsEdits && !GateSteps.Is(places.UnitFile, Unit()));
        List<Step> steps = [gate.Make(), gate.Config(), gate.Logs(), Stop(IsNew), gate.Put()];
        if (!keepsEdits) steps.Add(gate.Keep(places.UnitFile, Unit, first: NoteManager));
        if (answers.GetValueOrDefault(QuestionKind.Linger)) steps.Add(Linger());
        else if (!findings.Lingers) notes.Add($"FastGate runs only while {site.UserName} is logged in.");
        steps.Add(Enable(IsNew));
        return new InstallPlan(steps, notes);
    }

    private void NoteUnits(List<string> notes)
    {
        string host = findings.Plan.Upstream.ToString();
        foreach (ServerUnit unit in findings.Units.Where(unit => unit.Command.Kind == ServerKind.Ollama))
        {
            if (unit.Unread.Count > 0) notes.Add($"{string.Join(", ", unit.Unread)}, which {unit.Name} reads, was not seen: this user may not read it.");
            if (!unit.IsOpen) continue;
            string open = $"{OllamaHost.Variable}={unit.Host} in {unit.Source(OllamaHost.Variable)} lets others reach Ollama past the gate";
            notes.Add(unit.TakesDropIn(OllamaHost.Variable)
                ? $"{open}: {unit.DropInLine(OllamaHost.Variable, host)}"
                : $"{open}: change it there, and restart {unit.Name}.");
        }
        foreach (ServerUnit unit in findings.Units.Where(unit => unit.IsActive && unit.Command.Kind == ServerKind.Haproxy))
            notes.Add($"{unit.Name} ({string.Join(", ", unit.Files)}) runs HAProxy{(unit.Command.ConfigPath is { } config ? $" with {config}" : "")}: "
                + "if it guards Ollama, stop and disable it, since both cannot have the port.");
    }

    private string Unit() => new GateAgent(site, places).ToUnit(findings.Plan, gate.NeedsDotnet).ToText();

    // Undone after the file is gone, when systemd is to look again.
    private void NoteManager()
    {
        if (!findings.Journal.Deeds.Any(deed => deed.Kind == DeedKind.ReloadedManager))
            findings.Journal.Add(new Deed { Kind = DeedKind.ReloadedManager });
    }

    private Step Stop(Func<bool> isNew) => new(
        $"stop {Places.UnitName}, if something of it changes",
        [Systemctl.Line("stop", Places.UnitName)],
        async () => !isNew() || !await systemctl.IsActiveAsync(Places.UnitName),
        () =>
        {
            bool isOurs = findings.IsGateOurs;
            findings.Journal.Add(new Deed { Kind = DeedKind.StoppedUnit, Name = Places.UnitName, IsPassing = isOurs });
            return systemctl.RunAsync("stop", Places.UnitName);
        });

    private Step Linger() => new(
        "let the units run without a session",
        [Systemctl.LingerLine(on: true, site.UserName)],
        systemctl.LingersAsync,
        () =>
        {
            findings.Journal.Add(new Deed { Kind = DeedKind.EnabledLinger });
            return systemctl.SetLingerAsync(true);
        });

    private Step Enable(Func<bool> isNew) => new(
        $"enable and start {Places.UnitName}",
        [Systemctl.Line("daemon-reload"), Systemctl.Line("enable", "--now", Places.UnitName)],
        async () => !isNew() && await systemctl.IsEnabledAsync(Places.UnitName) && await systemctl.IsActiveAsync(Places.UnitName),
        async () =>
        {
            disk.MakeFolder(places.WantsFolder);
            // What an earlier installation enabled is only started anew, and stays enabled if this one fails.
            bool isOurs = findings.IsGateOurs;
            // One that somebody else had enabled stays so: its file comes back when this one is uninstalled.
            bool wasEnabled = isOurs || await systemctl.IsEnabledAsync(Places.UnitName);
            findings.Journal.Add(wasEnabled
                ? new Deed { Kind = DeedKind.StartedUnit, Name = Places.UnitName, IsPassing = isOurs }
                : new Deed { Kind = DeedKind.EnabledUnit, Name = Places.UnitName });
            StepResult reloaded = await systemctl.RunAsync("daemon-reload");
            return reloaded.Succeeded ? await systemctl.RunAsync("enable", "--now", Places.UnitName) : reloaded;
        });
}
