using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Plans an installation on Linux: a unit of the user's systemd. Ollama is mostly a unit of the system, and is
/// left alone.</summary>
internal sealed class LinuxPlanner
{
    private readonly HostEnvironment _environment;
    private readonly InstallPaths _paths;
    private readonly MachineState _state;
    private readonly Answers _answers;
    private readonly Disk _disk;
    private readonly GateSteps _gate;
    private readonly Systemctl _systemctl;

    public LinuxPlanner(HostEnvironment environment, InstallPaths paths, MachineState state, Answers answers, Disk disk)
    {
        (_environment, _paths, _state, _answers, _disk) = (environment, paths, state, answers, disk);
        _gate = new GateSteps(environment, paths, state, disk);
        _systemctl = new Systemctl(environment.Runner, environment.UserName);
    }

    public InstallPlan Plan()
    {
        if (_answers.IsNo(QuestionKind.ReplaceForeign))
            return new InstallPlan(
                [],
                [],
                "What is there under FastGate's name stays, so FastGate cannot be installed: nothing was changed."
            );
        List<string> notes = [];
        NoteUnits(notes);
        bool keepsEdits = _gate.IsEdited(_paths.UnitFile) && !_answers.IsYes(QuestionKind.OverwriteEdited);
        if (keepsEdits)
            notes.Add($"{_paths.Short(_paths.UnitFile)} stays as you changed it.");
        bool IsNew() => _gate.IsNewProgram || (!keepsEdits && !GateSteps.HasContent(_paths.UnitFile, Unit()));
        List<Step> steps = [_gate.Build(), _gate.Config(), _gate.Logs(), Stop(IsNew), _gate.Install()];
        if (!keepsEdits)
            steps.Add(_gate.WriteService(_paths.UnitFile, Unit, first: RecordReload));
        if (_answers.IsYes(QuestionKind.Linger))
            steps.Add(Linger());
        else if (!_state.Lingers)
            notes.Add($"FastGate runs only while {_environment.UserName} is logged in.");
        steps.Add(Enable(IsNew));
        return new InstallPlan(steps, notes);
    }

    private void NoteUnits(List<string> notes)
    {
        string host = _state.Plan.Upstream.ToString();
        foreach (ServerUnit unit in _state.Units.Where(unit => unit.Command.Kind == ServerKind.Ollama))
        {
            if (unit.Unread.Count > 0)
                notes.Add(
                    $"{string.Join(", ", unit.Unread)}, which {unit.Name} reads, was not seen: this "
                        + $"user may not read it."
                );
            if (!unit.IsOpen)
                continue;
            string open =
                $"{OllamaHost.Variable}={unit.Host} in {unit.Source(OllamaHost.Variable)} lets others "
                + $"reach Ollama past the gate";
            notes.Add(
                unit.TakesDropIn(OllamaHost.Variable)
                    ? $"{open}: {unit.DropInLine(OllamaHost.Variable, host)}"
                    : $"{open}: change it there, and restart {unit.Name}."
            );
        }
        foreach (
            ServerUnit unit in _state.Units.Where(unit => unit.IsActive && unit.Command.Kind == ServerKind.Haproxy)
        )
            notes.Add(
                $"{unit.Name} ({string.Join(", ", unit.Files)}) runs "
                    + $"HAProxy{(unit.Command.ConfigPath is { } config ? $" with {config}" : "")}: "
                    + "if it guards Ollama, stop and disable it, since both cannot have the port."
            );
    }

    private string Unit() => new GateAgent(_environment, _paths).ToUnit(_state.Plan, _gate.NeedsDotnet).ToText();

    // Undone after the file is gone, when systemd is to look again.
    private void RecordReload()
    {
        if (!_state.Journal.Changes.Any(change => change.Kind == ChangeKind.ReloadedManager))
            _state.Journal.Add(new Change { Kind = ChangeKind.ReloadedManager });
    }

    private Step Stop(Func<bool> isNew) =>
        new(
            $"stop {InstallPaths.UnitName}, if something of it changes",
            [Systemctl.Line("stop", InstallPaths.UnitName)],
            async () => !isNew() || !await _systemctl.IsActiveAsync(InstallPaths.UnitName),
            () =>
            {
                bool isOurs = _state.IsGateOurs;
                _state.Journal.Add(
                    new Change
                    {
                        Kind = ChangeKind.StoppedUnit,
                        Name = InstallPaths.UnitName,
                        IsPassing = isOurs,
                    }
                );
                return _systemctl.RunAsync("stop", InstallPaths.UnitName);
            }
        );

    private Step Linger() =>
        new(
            "let the units run without a session",
            [Systemctl.LingerLine(on: true, _environment.UserName)],
            _systemctl.LingersAsync,
            () =>
            {
                _state.Journal.Add(new Change { Kind = ChangeKind.EnabledLinger });
                return _systemctl.SetLingerAsync(true);
            }
        );

    private Step Enable(Func<bool> isNew) =>
        new(
            $"enable and start {InstallPaths.UnitName}",
            [Systemctl.Line("daemon-reload"), Systemctl.Line("enable", "--now", InstallPaths.UnitName)],
            async () =>
                !isNew()
                && await _systemctl.IsEnabledAsync(InstallPaths.UnitName)
                && await _systemctl.IsActiveAsync(InstallPaths.UnitName),
            async () =>
            {
                _disk.MakeFolder(_paths.WantsFolder);
                // What an earlier installation enabled is only started anew, and stays enabled if this one fails.
                bool isOurs = _state.IsGateOurs;
                // One that somebody else had enabled stays so: its file comes back when this one is uninstalled.
                bool wasEnabled = isOurs || await _systemctl.IsEnabledAsync(InstallPaths.UnitName);
                _state.Journal.Add(
                    wasEnabled
                        ? new Change
                        {
                            Kind = ChangeKind.StartedUnit,
                            Name = InstallPaths.UnitName,
                            IsPassing = isOurs,
                        }
                        : new Change { Kind = ChangeKind.EnabledUnit, Name = InstallPaths.UnitName }
                );
                StepResult reloaded = await _systemctl.RunAsync("daemon-reload");
                return reloaded.Succeeded
                    ? await _systemctl.RunAsync("enable", "--now", InstallPaths.UnitName)
                    : reloaded;
            }
        );
}
