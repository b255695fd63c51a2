using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Shared;

/// <summary>Reads the state of the gate's service: a launchd agent or a systemd user unit. Changes nothing.</summary>
internal static class ServiceManager
{
    public static Task<ServiceState> ReadAsync(HostEnvironment host)
    {
        InstallPaths paths = new(host);
        return host.Machine.IsMac ? ReadLaunchdAsync(host, paths) : ReadSystemdAsync(host, paths);
    }

    /// <summary>The state of a loaded agent, such as <c>running, process 812</c>.</summary>
    public static string AgentState(ServiceStatus status)
    {
        string exit = status.LastExit is { } last && !status.IsRunning ? $", last exit {last}" : "";
        string process = status.ProcessId is { } id ? $", process {id}" : "";
        return $"{(status.State.Length == 0 ? "loaded" : status.State)}{process}{exit}";
    }

    /// <summary>The state of a unit, such as <c>active, enabled</c>.</summary>
    public static string UnitState(ServiceStatus status) =>
        $"{(status.IsRunning ? "active" : "inactive")}, {(status.IsEnabled ? "enabled" : "not enabled")}";

    private static async Task<ServiceState> ReadLaunchdAsync(HostEnvironment host, InstallPaths paths)
    {
        AgentLabel label = InstallPaths.FastGateLabel;
        Launchctl launchctl = new(host.Runner, host.UserId);
        ServiceStatus status = await ServiceStatus.OfGateAsync(host, host.Runner);
        string name = $"agent {label}";
        string cure =
            $"Check {paths.Short(paths.OperationalLog)}, then run: launchctl "
            + $"kickstart {label.ServiceTarget(host.UserId)}";
        if (status.IsLoaded)
            return new ServiceState(name, AgentState(status), status.IsRunning, cure);
        string file = paths.AgentFile(label);
        return File.Exists(file)
            ? new ServiceState(
                name,
                "not loaded",
                IsRunning: false,
                $"Load it with: {launchctl.BootstrapLine(paths.Short(file))}"
            )
            : ServiceState.None;
    }

    private static async Task<ServiceState> ReadSystemdAsync(HostEnvironment host, InstallPaths paths)
    {
        if (!paths.HasUnit)
            return ServiceState.None;
        ServiceStatus status = await ServiceStatus.OfGateAsync(host, host.Runner);
        return new ServiceState(
            $"systemd unit {InstallPaths.UnitName}",
            UnitState(status),
            status.IsRunning,
            status.IsRunning
                ? "Check its log: journalctl --user -u fastgate"
                : $"Start it with: {Systemctl.Line("start", "fastgate")}. Its log: journalctl --user -u fastgate"
        );
    }
}

/// <summary>The state of the gate's service, as text for people.</summary>
/// <param name="Name">The agent or unit; null when none is installed.</param>
/// <param name="State">Such as <c>running, process 812</c>.</param>
/// <param name="IsRunning">The service is running; also true when none is installed, since nothing is wrong.</param>
/// <param name="Cure">What to do when no gate responds.</param>
internal sealed record ServiceState(string? Name, string State, bool IsRunning, string Cure)
{
    public static ServiceState None { get; } =
        new(
            null,
            "none: started manually",
            IsRunning: true,
            "Start one with: fastgate run. To run it as a service: fastgate install"
        );

    public string Description => Name is null ? State : $"{Name}: {State}";
}
