namespace FastGate.Launchd;

/// <summary>Plans that load and unload agents and wait until that is done: launchctl returns before launchd has
/// finished, and launchd refuses commands for a while afterwards ("Bootstrap failed: 5").</summary>
public sealed class AgentLoader(Launchctl launchctl, TimeProvider time)
{
    /// <summary>Longer than the ExitTimeOut of any agent here, because a gate first finishes responses in
    /// flight.</summary>
    public static readonly TimeSpan UnloadTimeout = TimeSpan.FromSeconds(60);

    /// <summary>A lingering label usually disappears within two seconds.</summary>
    public static readonly TimeSpan LoadTimeout = TimeSpan.FromSeconds(15);

    // launchd reports no event, so launchctl is polled.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Loads an agent, replacing one that is already loaded, and waits until it runs.</summary>
    public LaunchdPlan Load(AgentLabel label, string propertyListPath) =>
        new([
            new(launchctl.BootoutLine(label), () => BootoutAsync(label)),
            new($"wait until {label} is gone", () => AwaitGoneAsync(label)),
            new(launchctl.BootstrapLine(propertyListPath), () => BootstrapAsync(label, propertyListPath)),
            new(launchctl.KickstartLine(label), () => KickstartAsync(label)),
        ]);

    /// <summary>Loads an agent that runs once, replacing one that is already loaded; launchd starts it.</summary>
    public LaunchdPlan LoadOnce(AgentLabel label, string propertyListPath) =>
        new([
            new(launchctl.BootoutLine(label), () => BootoutAsync(label)),
            new($"wait until {label} is gone", () => AwaitGoneAsync(label)),
            new(launchctl.BootstrapLine(propertyListPath), () => BootstrapAsync(label, propertyListPath)),
        ]);

    /// <summary>Unloads an agent and waits until it is gone; succeeds if it was not loaded.</summary>
    public LaunchdPlan Unload(AgentLabel label) =>
        new([
            new(launchctl.BootoutLine(label), () => BootoutAsync(label)),
            new($"wait until {label} is gone", () => AwaitGoneAsync(label)),
        ]);

    private async Task<StepResult> BootoutAsync(AgentLabel label)
    {
        if (LaunchctlError.MeansNotLoaded((await launchctl.PrintAsync(label)).Result.ExitCode))
            return StepResult.Done;
        return await RetryAsync(
            UnloadTimeout,
            async () =>
            {
                CommandResult result = await launchctl.BootoutAsync(label);
                bool isUnderWay =
                    result.Succeeded
                    || LaunchctlError.MeansNotLoaded(result.ExitCode)
                    || result.ExitCode is LaunchctlError.InProgress or LaunchctlError.AlreadyInProgress;
                return isUnderWay ? Attempt.Done : Attempt.Failed("bootout", result);
            }
        );
    }

    private Task<StepResult> AwaitGoneAsync(AgentLabel label) =>
        RetryAsync(
            UnloadTimeout,
            async () =>
            {
                (AgentState? state, CommandResult result) = await launchctl.PrintAsync(label);
                if (LaunchctlError.MeansNotLoaded(result.ExitCode))
                    return Attempt.Done;
                return state is null
                    ? Attempt.Failed("print", result)
                    : Attempt.NotYet($"{label} does not end: launchctl print reports \"{state.State}\"");
            }
        );

    private Task<StepResult> BootstrapAsync(AgentLabel label, string propertyListPath)
    {
        bool wasEnabled = false;
        return RetryAsync(
            LoadTimeout,
            async () =>
            {
                CommandResult result = await launchctl.BootstrapAsync(propertyListPath);
                if (result.Succeeded)
                    return Attempt.Done;
                if (result.ExitCode == LaunchctlError.Disabled && !wasEnabled)
                {
                    wasEnabled = true;
                    await launchctl.EnableAsync(label);
                    return Attempt.NotYet(LaunchctlError.Explain("bootstrap", result));
                }
                // launchctl returns the same codes when it has loaded the agent nonetheless.
                if (
                    LaunchctlError.IsTransient(result.ExitCode)
                    && (await launchctl.PrintAsync(label)).State is { } state
                    && (state.PropertyListPath ?? propertyListPath) == propertyListPath
                )
                    return Attempt.Done;
                return Attempt.Failed("bootstrap", result);
            }
        );
    }

    // RunAtLoad has usually started it already; kickstart skips launchd's throttle time.
    private Task<StepResult> KickstartAsync(AgentLabel label) =>
        RetryAsync(
            LoadTimeout,
            async () =>
            {
                CommandResult result = await launchctl.KickstartAsync(label);
                (AgentState? state, _) = await launchctl.PrintAsync(label);
                if (state is { IsRunning: true })
                    return Attempt.Done;
                if (!result.Succeeded && !LaunchctlError.MeansNotLoaded(result.ExitCode))
                    return Attempt.Failed("kickstart", result);
                string reason = state is null
                    ? "it is not loaded"
                    : $"its state is \"{state.State}\"{(state.LastExit is { } exit ? $", last exit: {exit}" : "")}";
                return Attempt.NotYet($"{label} is not running: {reason}");
            }
        );

    private async Task<StepResult> RetryAsync(TimeSpan timeout, Func<Task<Attempt>> attempt)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            Attempt last = await attempt();
            if (last.Problem is null)
                return StepResult.Done;
            if (!last.MayRetry || time.GetElapsedTime(start) >= timeout)
                return StepResult.Failed(last.Problem);
            await Task.Delay(Pause, time);
        }
    }

    /// <summary>The result of one attempt: done, to be retried, or failed.</summary>
    private readonly record struct Attempt(string? Problem, bool MayRetry)
    {
        public static Attempt Done => default;

        public static Attempt NotYet(string problem) => new(problem, MayRetry: true);

        public static Attempt Failed(string command, CommandResult result) =>
            new(LaunchctlError.Explain(command, result), LaunchctlError.IsTransient(result.ExitCode));
    }
}

/// <summary>A sequence of steps, which can be shown or run.</summary>
public sealed class LaunchdPlan(IReadOnlyList<LaunchdStep> steps)
{
    /// <summary>One line per step.</summary>
    public IReadOnlyList<string> Lines { get; } = [.. steps.Select(step => step.Line)];

    /// <summary>Runs the steps, up to the first that fails.</summary>
    public async Task<StepResult> RunAsync()
    {
        foreach (LaunchdStep step in steps)
        {
            StepResult result = await step.RunAsync();
            if (!result.Succeeded)
                return result;
        }
        return StepResult.Done;
    }
}

/// <summary>One step of a <see cref="LaunchdPlan"/>.</summary>
/// <param name="Line">The equivalent command, or what is waited for.</param>
/// <param name="RunAsync">Runs the step, with its retries.</param>
public sealed record LaunchdStep(string Line, Func<Task<StepResult>> RunAsync);

/// <summary>The result of a step.</summary>
/// <param name="Problem">The error, as one sentence for the user; null on success.</param>
/// <param name="Note">How the step was done, where there is more than one way.</param>
public readonly record struct StepResult(string? Problem, string? Note = null)
{
    public static StepResult Done => default;

    public bool Succeeded => Problem is null;

    public static StepResult DoneAs(string? note) => new(null, note);

    public static StepResult Failed(string problem) => new(problem);
}
