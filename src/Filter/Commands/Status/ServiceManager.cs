using FastGate.Host;
using FastGate.Host.Servers;
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
        ServiceStatus status = await ServiceStatus.OfGateAsync(site, site.Runner);
        string name = $"agent {label}";
        string log =
            $"Look into {places.Short(places.OperationalLog)}, then: launchctl "
            + $"kickstart {label.ServiceTarget(site.UserId)}";
        if (status.IsLoaded)
        {
            string exit = status.LastExit is { } last && !status.IsRunning ? $", last exit {last}" : "";
            string process = status.ProcessId is { } id ? $", process {id}" : "";
            return new ServiceState(
                name,
                $"{(status.State.Length == 0 ? "loaded" : status.State)}{process}{exit}",
                status.IsRunning,
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
        ServiceStatus status = await ServiceStatus.OfGateAsync(site, site.Runner);
        bool isActive = status.IsRunning;
        bool isEnabled = status.IsEnabled;
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
