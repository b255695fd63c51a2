using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Service;

/// <summary>Controls one service through its service manager. Whatever it does, doing it again changes
/// nothing.</summary>
internal sealed class ServiceControl
{
    // A program that cannot start, for example because its config is invalid, has exited by then.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private readonly HostEnvironment _host;
    private readonly ServiceTarget _target;
    private readonly Launchctl _launchctl;
    private readonly AgentLoader _loader;
    private readonly Systemctl _systemctl;

    public ServiceControl(HostEnvironment host, ServiceTarget target)
    {
        (_host, _target) = (host, target);
        _launchctl = new Launchctl(host.Runner, host.UserId);
        _loader = new AgentLoader(_launchctl, host.Time);
        _systemctl = new Systemctl(host.Runner, host.UserName);
    }

    /// <summary>The state that an action leads to, as a word.</summary>
    public static string WordOf(ServiceAction action) =>
        action switch
        {
            ServiceAction.Stop => "stopped",
            ServiceAction.Enable => "enabled and running",
            ServiceAction.Disable => "disabled and stopped",
            _ => "running",
        };

    /// <summary>Why an action cannot work; null if it can.</summary>
    public async Task<string?> ObstacleAsync(ServiceAction action)
    {
        if (_target.Agent is not { } label || action is ServiceAction.Stop or ServiceAction.Disable)
            return null;
        if (!File.Exists(_target.PropertyList))
            return $"{_target.PropertyList} does not exist; run: fastgate install";
        return action != ServiceAction.Enable && await _launchctl.IsDisabledAsync(label)
            ? $"{label} is disabled; run: fastgate enable{(label == InstallPaths.FastGateLabel ? "" : " --ollama")}"
            : null;
    }

    /// <summary>Whether the service is already in the wanted state.</summary>
    public async Task<bool> IsDoneAsync(ServiceAction action)
    {
        if (action == ServiceAction.Restart)
            return false;
        ServiceStatus status = await StatusAsync();
        return IsAsWanted(action, status, await IsEnabledAsync(status));
    }

    public async Task<StepResult> RunAsync(ServiceAction action)
    {
        if (_target.Agent is { } label)
            return await RunAsync(action, label);
        string[] words = action switch
        {
            ServiceAction.Start => ["start", _target.Name],
            ServiceAction.Stop => ["stop", _target.Name],
            ServiceAction.Restart => ["restart", _target.Name],
            ServiceAction.Enable => ["enable", "--now", _target.Name],
            _ => ["disable", "--now", _target.Name],
        };
        if (!_target.OfSystem)
            return await _systemctl.RunAsync(words);
        StepResult result = await _systemctl.RunForSystemAsync(words);
        return result.Succeeded
            ? result
            : StepResult.Failed(
                $"{_target.Name} is a unit of the system, which only root may control: sudo systemctl "
                    + $"{string.Join(' ', words)} ({result.Problem})"
            );
    }

    /// <summary>Reads the state after an action, once it has settled.</summary>
    /// <returns>Whether the service is in the wanted state, its state as text, and what to know or do.</returns>
    public async Task<(bool IsAsWanted, string State, string Hint)> ReadAsync(ServiceAction action)
    {
        bool isToRun = action is not (ServiceAction.Stop or ServiceAction.Disable);
        if (isToRun)
            await Task.Delay(Settling, _host.Time);
        ServiceStatus status = await StatusAsync();
        bool isEnabled = await IsEnabledAsync(status);
        bool isAsWanted = IsAsWanted(action, status, isEnabled);
        string state = _target.Agent is null
            ? ServiceManager.UnitState(status)
            : (status.IsLoaded ? ServiceManager.AgentState(status) : "not loaded") + (isEnabled ? "" : ", disabled");
        string flag = IsGate ? "" : " --ollama";
        string hint =
            !isAsWanted ? $"see {_target.Log}"
            : action == ServiceAction.Stop && isEnabled
                ? $"It starts again at the next login or boot; to prevent that, run: fastgate disable{flag}"
            : action == ServiceAction.Start && !isEnabled
                ? $"It does not start at the next login or boot; to change that, run: fastgate enable{flag}"
            : "";
        return (isAsWanted, state, hint);
    }

    private bool IsGate => _target.Agent == InstallPaths.FastGateLabel || _target.Name == InstallPaths.UnitName;

    // launchd has no state between loaded and unloaded that lasts: with KeepAlive, "launchctl stop" only restarts an
    // agent. An agent that was booted out is loaded again at the next login, unless it is disabled.
    private async Task<StepResult> RunAsync(ServiceAction action, AgentLabel label)
    {
        if (action is ServiceAction.Enable or ServiceAction.Disable)
        {
            CommandResult set =
                action == ServiceAction.Enable
                    ? await _launchctl.EnableAsync(label)
                    : await _launchctl.DisableAsync(label);
            if (!set.Succeeded)
                return StepResult.Failed(
                    LaunchctlError.Explain(action == ServiceAction.Enable ? "enable" : "disable", set)
                );
        }
        LaunchdPlan plan = action switch
        {
            ServiceAction.Stop or ServiceAction.Disable => _loader.Unload(label),
            ServiceAction.Enable when (await StatusAsync()).IsRunning => new LaunchdPlan([]),
            // bootout sends SIGTERM and waits, so that responses in flight finish; kickstart -k does not.
            _ => _loader.Load(label, _target.PropertyList),
        };
        return await plan.RunAsync();
    }

    private Task<ServiceStatus> StatusAsync() =>
        _target.Agent is { } label
            ? ServiceStatus.OfAgentAsync(_host, _host.Runner, label)
            : ServiceStatus.OfUnitAsync(_host, _host.Runner, _target.Name, _target.OfSystem);

    private async Task<bool> IsEnabledAsync(ServiceStatus status) =>
        _target.Agent is { } label ? !await _launchctl.IsDisabledAsync(label) : status.IsEnabled;

    private bool IsAsWanted(ServiceAction action, ServiceStatus status, bool isEnabled) =>
        action switch
        {
            ServiceAction.Stop => IsStopped(status),
            ServiceAction.Disable => IsStopped(status) && !isEnabled,
            ServiceAction.Enable => status.IsRunning && isEnabled,
            _ => status.IsRunning,
        };

    // A unit that systemd is about to restart is not stopped.
    private bool IsStopped(ServiceStatus status) =>
        !status.IsUnknown
        && (
            _target.Agent is null
                ? status.State.StartsWith("inactive", StringComparison.Ordinal)
                    || status.State.StartsWith("failed", StringComparison.Ordinal)
                : !status.IsLoaded
        );
}
