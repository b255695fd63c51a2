using FastGate.Host;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Status;

/// <summary>Asks the system whether it keeps a gate: launchd an agent, systemd a user unit. Changes nothing.</summary>
internal static class ServiceManager
{
    public static Task<ServiceState> AskAsync(HostEnvironment site)
    {
        InstallPaths places = new(site);
        return site.Machine.IsMac ? AskLaunchdAsync(site, places) : AskSystemdAsync(site, places);
    }

    private static async Task<ServiceState> AskLaunchdAsync(HostEnvironment site, InstallPaths places)
    {
        AgentLabel label = InstallPaths.FastGateLabel;
        Launchctl launchctl = new(site.Runner, site.UserId);
        (AgentState? state, CommandResult _) = await launchctl.PrintAsync(label);
        string name = $"agent {label}";
        string log =
            $"Look into {places.Short(places.OperationalLog)}, then: launchctl "
            + $"kickstart {label.ServiceTarget(site.UserId)}";
        if (state is not null)
        {
            string exit = state.LastExit is { } last && !state.IsRunning ? $", last exit {last}" : "";
            string process = state.ProcessId is { } id ? $", process {id}" : "";
            return new ServiceState(
                name,
                $"{(state.State.Length == 0 ? "loaded" : state.State)}{process}{exit}",
                state.IsRunning,
                log
            );
        }
        string file = places.AgentFile(label);
        return File.Exists(file)
            ? new ServiceState(
                name,
                "not loaded",
                IsWell: false,
                $"Load it with: {launchctl.BootstrapLine(places.Short(file))}"
            )
            : ServiceState.None;
    }

    private static async Task<ServiceState> AskSystemdAsync(HostEnvironment site, InstallPaths places)
    {
        if (!File.Exists(places.UnitFile))
            return ServiceState.None;
        Systemctl systemctl = new(site.Runner, site.UserName);
        bool isActive = await systemctl.IsActiveAsync(InstallPaths.UnitName);
        bool isEnabled = await systemctl.IsEnabledAsync(InstallPaths.UnitName);
        return new ServiceState(
            $"systemd unit {InstallPaths.UnitName}",
            $"{(isActive ? "active" : "not active")}, {(isEnabled ? "starts by itself" : "does not start by itself")}",
            isActive,
            isActive
                ? "Look into: journalctl --user -u fastgate"
                : $"Start it with: {Systemctl.Line("start", "fastgate")}; its log: journalctl --user -u fastgate"
        );
    }
}

/// <summary>Whether the system keeps a gate running, in words.</summary>
/// <param name="Name">The agent or unit; null when none is installed.</param>
/// <param name="State">Such as <c>running, process 812</c>.</param>
/// <param name="IsWell">It runs.</param>
/// <param name="Cure">What to do when no gate answers.</param>
internal sealed record ServiceState(string? Name, string State, bool IsWell, string Cure)
{
    public static ServiceState None { get; } =
        new(
            null,
            "nobody: it was started by hand",
            IsWell: true,
            "Start one with: fastgate run. To have the system keep it: fastgate install"
        );

    public string Description => Name is null ? State : $"{Name}: {State}";
}
