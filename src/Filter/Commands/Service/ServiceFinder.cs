using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Service;

/// <summary>Finds the service that runs the gate, or the one that runs Ollama. Changes nothing.</summary>
internal sealed class ServiceFinder(HostEnvironment host)
{
    private const string OllamaUnit = "ollama.service";

    private readonly InstallPaths _paths = new(host);

    /// <returns>The service, or why there is none, with what to do.</returns>
    public async Task<(ServiceTarget? Target, string Problem)> FindGateAsync()
    {
        ServiceStatus status = await ServiceStatus.OfGateAsync(host, host.Runner);
        if (status.IsUnknown)
            return (null, Unreachable(status));
        string file = _paths.AgentFile(InstallPaths.FastGateLabel);
        ServiceTarget target = host.Machine.IsMac
            ? new(InstallPaths.FastGateLabel.Name)
            {
                Agent = InstallPaths.FastGateLabel,
                PropertyList = file,
                Log = _paths.Short(_paths.OperationalLog),
            }
            : new(InstallPaths.UnitName) { Log = "journalctl --user -u fastgate" };
        // An agent whose file is gone is loaded until the logout, and can only be stopped.
        bool exists = status.IsLoaded || (host.Machine.IsMac && File.Exists(file));
        return exists ? (target, "") : (null, "FastGate is not installed as a service; run: fastgate install");
    }

    /// <returns>The service, or why there is none, with what to do.</returns>
    public Task<(ServiceTarget? Target, string Problem)> FindOllamaAsync() =>
        host.Machine.IsMac ? FindAgentAsync() : FindUnitAsync();

    private async Task<(ServiceTarget? Target, string Problem)> FindAgentAsync()
    {
        Launchctl launchctl = new(host.Runner, host.UserId);
        FoundAgents found = await new AgentSearch(host, _paths, launchctl).FindAsync();
        // What is loaded runs; of the others, the one that install writes.
        ServerAgent? agent = found
            .Ollamas.OrderByDescending(agent => agent.IsLoaded == true)
            .ThenByDescending(agent => agent.Label == InstallPaths.OllamaLabel.Name)
            .FirstOrDefault();
        if (agent is null)
            return (
                null,
                host.HasApplication("Ollama.app")
                    ? "Ollama.app runs Ollama on this Mac, not launchd: quit and open the app"
                    : "no agent starts Ollama; to create one, run: fastgate install"
            );
        if (agent.Known is not { } label)
            return (null, $"launchctl does not accept the label of {_paths.Short(agent.Path)}: \"{agent.Label}\"");
        if (agent.IsDaemon)
            return (
                null,
                $"{agent.Label} is a daemon of the system, which only root may control: "
                    + $"sudo launchctl kickstart -k system/{agent.Label}"
            );
        return (
            new ServiceTarget(label.Name)
            {
                Agent = label,
                PropertyList = agent.Path,
                Log = agent.Label == InstallPaths.OllamaLabel.Name ? _paths.Short(_paths.OllamaLog) : "its log",
            },
            ""
        );
    }

    private async Task<(ServiceTarget? Target, string Problem)> FindUnitAsync()
    {
        Systemctl systemctl = new(host.Runner, host.UserName);
        ServerUnit? unit = (await new UnitSearch(systemctl).FindAsync())
            .Where(unit => unit.Command.Kind == ServerKind.Ollama)
            .OrderByDescending(unit => unit.IsActive)
            .FirstOrDefault();
        if (unit is not null)
            return (OfUnit(unit.Name, unit.IsSystemWide), "");
        // systemd lists only units that it has loaded, which a unit that is stopped and disabled is not.
        foreach (bool ofSystem in (bool[])[true, false])
        {
            ServiceStatus status = await ServiceStatus.OfUnitAsync(host, host.Runner, OllamaUnit, ofSystem);
            if (status.IsLoaded)
                return (OfUnit(OllamaUnit, ofSystem), "");
        }
        return (null, "no systemd unit starts Ollama; Ollama's own installer creates one: https://ollama.com/download");
    }

    private static ServiceTarget OfUnit(string name, bool ofSystem) =>
        new(name) { OfSystem = ofSystem, Log = $"journalctl {(ofSystem ? "" : "--user ")}-u {name}" };

    private static string Unreachable(ServiceStatus status) =>
        status.Result.ExitCode == CommandResult.NotFound
            ? $"{status.Result.Description}: is this machine run by launchd or systemd?"
            : $"the service manager does not respond: {status.Result.Description}{Systemctl.Cure(status.Result)}";
}

/// <summary>A service: an agent of launchd, or a unit of systemd.</summary>
/// <param name="Name">The label or the name of the unit.</param>
internal sealed record ServiceTarget(string Name)
{
    /// <summary>The agent; null for a unit.</summary>
    public AgentLabel? Agent { get; init; }

    /// <summary>The agent's property list.</summary>
    public string PropertyList { get; init; } = "";

    /// <summary>A unit of the machine, not of the user.</summary>
    public bool OfSystem { get; init; }

    /// <summary>Where its log is: a file, or the command that shows it.</summary>
    public required string Log { get; init; }
}
