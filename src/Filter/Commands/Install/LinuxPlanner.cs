using System.Net;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Plans an installation on Linux: a systemd user unit for the gate. Ollama is usually a system unit, and is
/// left in place.</summary>
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

    /// <param name="models">The models to load after a login or boot; empty for no change.</param>
    public InstallPlan Plan(IReadOnlyList<string> models)
    {
        List<string> notes = [.. _gate.Notes()];
        NoteUnits(notes);
        bool keepEdits =
            GateSteps.IsEdited(_state.Journal, _paths.UnitFile) && !_answers.IsYes(QuestionKind.OverwriteEdited);
        if (keepEdits)
            notes.Add($"{_paths.Short(_paths.UnitFile)}, which you edited, is left in place.");
        bool IsNew() => _gate.IsNewProgram || (!keepEdits && !GateSteps.HasContent(_paths.UnitFile, Unit()));
        StandInSteps standIn = new(_environment);
        bool hasClients = standIn.CanBegin;
        List<Step> steps =
        [
            new Requirements(_environment, _paths).Check(),
            _gate.Build(),
            _gate.Config(),
            _gate.Logs(),
            .. hasClients ? [standIn.Begin(IsNew)] : (Step[])[],
            Stop(IsNew),
            .. _gate.Install(),
            _gate.ShellFiles(),
        ];
        if (!keepEdits)
            steps.Add(_gate.WriteService(_paths.UnitFile, Unit, first: RecordReload));
        if (_answers.IsYes(QuestionKind.Linger))
            steps.Add(Linger());
        else if (!_state.Lingers)
            notes.Add($"FastGate runs only while {_environment.UserName} is logged in.");
        steps.Add(Enable(IsNew));
        if (hasClients)
            steps.Add(standIn.End());
        if (models.Count > 0)
            steps.AddRange(new WarmSteps(_environment, _paths, _gate, _state.Journal).OnLinux(models));
        return new InstallPlan(steps, notes) { StandIn = standIn };
    }

    private void NoteUnits(List<string> notes)
    {
        string host = _state.Plan.Upstream.ToString();
        ServerUnit[] ollamas = [.. _state.Units.Where(unit => unit.Command.Kind == ServerKind.Ollama)];
        if (ollamas.Length == 0 && _state.Plan.Upstream.KnownAddresses.All(IPAddress.IsLoopback))
            notes.Add(
                "No systemd unit that starts Ollama was found, and on Linux install does not set up Ollama. Where "
                    + $"you start it, make it listen only on loopback ({OllamaHost.Variable}={host}; "
                    + $"with Docker, -p {host}:11434)."
            );
        foreach (ServerUnit unit in ollamas)
        {
            if (unit.Unread.Count > 0)
                notes.Add(
                    $"{string.Join(", ", unit.Unread)}, which {unit.Name} reads, could not be checked: this "
                        + $"user has no permission to read it."
                );
            if (!unit.IsOpen)
            {
                string reason = unit.Host is { } loopbackHost
                    ? $"{OllamaHost.Variable}={loopbackHost} listens only on loopback"
                    : $"{OllamaHost.Variable} was not seen, and without it Ollama listens only on loopback";
                notes.Add($"{unit.Name} is left in place: {reason}.");
                continue;
            }
            string open =
                $"{OllamaHost.Variable}={unit.Host} in {unit.Source(OllamaHost.Variable)} lets others "
                + $"bypass the gate and reach Ollama";
            notes.Add(
                unit.TakesDropIn(OllamaHost.Variable)
                    ? $"{open}. Run: {unit.DropInLine(OllamaHost.Variable, host)}"
                    : $"{open}. Change it there, then restart {unit.Name}."
            );
        }
        foreach (
            ServerUnit unit in _state.Units.Where(unit => unit.IsActive && unit.Command.Kind == ServerKind.Haproxy)
        )
            notes.Add(
                $"{unit.Name} ({string.Join(", ", unit.Files)}) runs "
                    + $"HAProxy{(unit.Command.ConfigPath is { } config ? $" with {config}" : "")}: "
                    + "install does not change it, and does not read its rules. If it protects Ollama, "
                    + $"stop it, because both cannot use the same port: {unit.DisableLine()}. "
                    + "Then set \"listen\" and \"allow\" in the config to match it, and run install again "
                    + "(docs/haproxy.md)."
            );
    }

    private string Unit() => new GateAgent(_environment, _paths).ToUnit(_state.Plan, _gate.NeedsDotnet).ToText();

    // Recorded before the unit file is written, so that systemd reloads after uninstall has removed the file.
    private void RecordReload()
    {
        if (!_state.Journal.Changes.Any(change => change.Kind == ChangeKind.ReloadedManager))
            _state.Journal.Add(new Change { Kind = ChangeKind.ReloadedManager });
    }

    private Step Stop(Func<bool> isNew) =>
        new(
            $"stop {InstallPaths.UnitName}, only if changed",
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
            "enable lingering, so that user units run without a login session",
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
                // A unit that an earlier installation enabled is only restarted, and stays enabled if this run fails.
                bool isOurs = _state.IsGateOurs;
                // A unit that was enabled by someone else stays enabled, because uninstall restores its file.
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
