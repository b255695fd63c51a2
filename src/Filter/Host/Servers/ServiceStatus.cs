using System.Globalization;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Host.Servers;

/// <summary>The state of a background service: an agent or daemon of launchd, or a systemd unit. Reading it changes
/// nothing.</summary>
internal sealed record ServiceStatus
{
    /// <summary>The agent's label or the unit's name, without <c>.service</c>.</summary>
    public required string Name { get; init; }

    /// <summary>launchd has loaded the agent, or systemd has found the unit.</summary>
    public bool IsLoaded { get; init; }

    public bool IsRunning { get; init; }

    /// <summary>The service manager's own words, such as <c>spawn scheduled</c> or <c>activating
    /// (auto-restart)</c>.</summary>
    public string State { get; init; } = "";

    public int? ProcessId { get; init; }

    /// <summary>launchd: starts since the agent was loaded. systemd: automatic restarts.</summary>
    public int Starts { get; init; }

    /// <summary>The last exit of its program, such as <c>78: EX_CONFIG</c> or <c>2</c>; null if it never
    /// exited.</summary>
    public string? LastExit { get; init; }

    /// <summary>systemd's state of the unit file, such as <c>enabled</c>; empty for launchd.</summary>
    public string FileState { get; init; } = "";

    /// <summary>systemd starts the unit by itself: those for which <c>systemctl is-enabled</c> succeeds.</summary>
    public bool IsEnabled =>
        FileState is "enabled" or "enabled-runtime" or "static" or "alias" or "indirect" or "generated" or "transient";

    /// <summary>The variables in the unit file, as systemd prints them.</summary>
    public string Variables { get; init; } = "";

    /// <summary>The service manager does not respond, so the state is unknown.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>The command that read the state.</summary>
    public required CommandResult Result { get; init; }

    /// <summary>The program keeps exiting, so starting it again does not help.</summary>
    public bool KeepsFailing { get; init; }

    /// <summary>The service that runs the gate: the agent <c>com.fastgate</c> on macOS, the user's unit
    /// <c>fastgate</c> on Linux.</summary>
    public static Task<ServiceStatus> OfGateAsync(HostEnvironment host, ICommandRunner runner) =>
        host.Machine.IsMac
            ? OfAgentAsync(host, runner, InstallPaths.FastGateLabel)
            : OfUnitAsync(host, runner, InstallPaths.UnitName);

    /// <param name="host">The user.</param>
    /// <param name="runner">Runs launchctl.</param>
    /// <param name="label">The agent or daemon.</param>
    /// <param name="ofSystem">A daemon of the system, not an agent of the user.</param>
    public static async Task<ServiceStatus> OfAgentAsync(
        HostEnvironment host,
        ICommandRunner runner,
        AgentLabel label,
        bool ofSystem = false
    )
    {
        (AgentState? state, CommandResult result) = await new Launchctl(runner, host.UserId).PrintAsync(
            label,
            ofSystem
        );
        return new ServiceStatus
        {
            Name = label.Name,
            IsLoaded = state is not null,
            IsRunning = state?.IsRunning ?? false,
            State = state?.State ?? "",
            ProcessId = state?.ProcessId,
            Starts = state?.Runs ?? 0,
            LastExit = state?.LastExit,
            KeepsFailing = state is { IsRunning: false },
            IsUnknown = state is null && !LaunchctlError.MeansNotLoaded(result.ExitCode),
            Result = result,
        };
    }

    /// <param name="host">The user.</param>
    /// <param name="runner">Runs systemctl.</param>
    /// <param name="unit">The unit, with <c>.service</c>.</param>
    /// <param name="ofSystem">A unit of the machine, not of the user.</param>
    public static async Task<ServiceStatus> OfUnitAsync(
        HostEnvironment host,
        ICommandRunner runner,
        string unit,
        bool ofSystem = false
    )
    {
        (UnitState? state, CommandResult result) = await new Systemctl(runner, host.UserName).ShowAsync(unit, ofSystem);
        return new ServiceStatus
        {
            Name = unit.Replace(".service", "", StringComparison.Ordinal),
            IsLoaded = state?.Exists ?? false,
            IsRunning = state?.IsRunning ?? false,
            State = state is null ? "" : $"{state.ActiveState} ({state.SubState})",
            ProcessId = state?.ProcessId is > 0 and var id ? id : null,
            Starts = state?.Restarts ?? 0,
            LastExit = state?.LastExit.ToString(CultureInfo.InvariantCulture),
            FileState = state?.FileState ?? "",
            KeepsFailing = state is { Exists: true, IsRunning: false, LastExit: not 0 },
            Variables = state?.Environment ?? "",
            IsUnknown = state is null,
            Result = result,
        };
    }
}
