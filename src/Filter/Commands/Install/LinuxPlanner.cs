using System.Net;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Plans an installation on Linux: a unit of the user's systemd. Ollama is mostly a unit of the system, and is
/// left alone.</summary>
internal sealed class LinuxPlanner
{
    private readonly HostEnvironment _site;
    private readonly InstallPaths _places;
    private readonly MachineState _findings;
    private readonly Answers _answers;
    private readonly Disk _disk;
    private readonly GateSteps _gate;
    private readonly Systemctl _systemctl;

    public LinuxPlanner(HostEnvironment site, InstallPaths places, MachineState findings, Answers answers, Disk disk)
    {
        (_site, _places, _findings, _answers, _disk) = (site, places, findings, answers, disk);
        _gate = new GateSteps(site, places, findings, disk);
        _systemctl = new Systemctl(site.Runner, site.UserName);
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
        bool keepsEdits = _gate.IsEdited(_places.UnitFile) && !_answers.GetValueOrDefault(QuestionKind.RewriteEdited);
        if (keepsEdits)
            notes.Add($"{_places.Short(_places.UnitFile)} stays as you changed it.");
        bool IsNew() => _gate.IsNewProgram || (!keepsEdits && !GateSteps.Is(_places.UnitFile, Unit()));
        List<Step> steps = [_gate.Make(), _gate.Config(), _gate.Logs(), Stop(IsNew), _gate.Put()];
        if (!keepsEdits)
            steps.Add(_gate.Keep(_places.UnitFile, Unit, first: NoteManager));
        if (_answers.GetValueOrDefault(QuestionKind.Linger))
            steps.Add(Linger());
        else if (!_findings.Lingers)
            notes.Add($"FastGate runs only while {_site.UserName} is logged in.");
        steps.Add(Enable(IsNew));
        return new InstallPlan(steps, notes);
    }

    private void NoteUnits(List<string> notes)
    {
        string host = _findings.Plan.Upstream.ToString();
        ServerUnit[] ollamas = [.. _findings.Units.Where(unit => unit.Command.Kind == ServerKind.Ollama)];
        if (ollamas.Length == 0 && _findings.Plan.Upstream.KnownAddresses.All(IPAddress.IsLoopback))
            notes.Add(
                "no systemd unit that starts Ollama was seen, and on Linux install does not set Ollama up: where "
                    + $"you start it, let it listen only on loopback ({OllamaHost.Variable}={host}; "
                    + $"with Docker, -p {host}:11434)."
            );
        foreach (ServerUnit unit in ollamas)
        {
            if (unit.Unread.Count > 0)
                notes.Add(
                    $"{string.Join(", ", unit.Unread)}, which {unit.Name} reads, was not seen: this "
                        + $"user may not read it."
                );
            if (!unit.IsOpen)
            {
                string why = unit.Host is { } closed
                    ? $"{OllamaHost.Variable}={closed} listens only on loopback"
                    : $"{OllamaHost.Variable} was not seen, and without it Ollama listens only on loopback";
                notes.Add($"{unit.Name} is left as it is: {why}.");
                continue;
            }
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
            ServerUnit unit in _findings.Units.Where(unit => unit.IsActive && unit.Command.Kind == ServerKind.Haproxy)
        )
            notes.Add(
                $"{unit.Name} ({string.Join(", ", unit.Files)}) runs "
                    + $"HAProxy{(unit.Command.ConfigPath is { } config ? $" with {config}" : "")}: "
                    + "install does not change it, and does not read its rules. If it guards Ollama, "
                    + $"stop it, since both cannot have the port: {unit.DisableLine()}. "
                    + "Then set \"listen\" and \"allow\" in the config to what it had, and run install again "
                    + "(docs/haproxy.md)."
            );
    }

    private string Unit() => new GateAgent(_site, _places).ToUnit(_findings.Plan, _gate.NeedsDotnet).ToText();

    // Undone after the file is gone, when systemd is to look again.
    private void NoteManager()
    {
        if (!_findings.Journal.Changes.Any(deed => deed.Kind == ChangeKind.ReloadedManager))
            _findings.Journal.Add(new Change { Kind = ChangeKind.ReloadedManager });
    }

    private Step Stop(Func<bool> isNew) =>
        new(
            $"stop {InstallPaths.UnitName}, if something of it changes",
            [Systemctl.Line("stop", InstallPaths.UnitName)],
            async () => !isNew() || !await _systemctl.IsActiveAsync(InstallPaths.UnitName),
            () =>
            {
                bool isOurs = _findings.IsGateOurs;
                _findings.Journal.Add(
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
            [Systemctl.LingerLine(on: true, _site.UserName)],
            _systemctl.LingersAsync,
            () =>
            {
                _findings.Journal.Add(new Change { Kind = ChangeKind.EnabledLinger });
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
                _disk.MakeFolder(_places.WantsFolder);
                // What an earlier installation enabled is only started anew, and stays enabled if this one fails.
                bool isOurs = _findings.IsGateOurs;
                // One that somebody else had enabled stays so: its file comes back when this one is uninstalled.
                bool wasEnabled = isOurs || await _systemctl.IsEnabledAsync(InstallPaths.UnitName);
                _findings.Journal.Add(
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
