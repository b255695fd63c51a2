namespace FastGate.Launchd;

/// <summary>
/// Plans that load and unload agents so that afterwards it is true: launchd answers before it has done what it was
/// asked, and refuses for a while after that ("Bootstrap failed: 5").
/// </summary>
public sealed class AgentLoader(Launchctl launchctl, TimeProvider time)
{
    /// <summary>Longer than the ExitTimeOut of any agent here: a gate first ends the answers in flight.</summary>
    public static readonly TimeSpan UnloadTimeout = TimeSpan.FromSeconds(60);

    /// <summary>A label that lingers is mostly gone within two seconds.</summary>
    public static readonly TimeSpan LoadTimeout = TimeSpan.FromSeconds(15);

    // There is no event to wait for: launchctl has to be asked again.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Loads an agent anew, whether or not it is loaded, and sees it run.</summary>
    public LaunchdPlan Load(AgentLabel label, string propertyListPath) =>
        new([
            new(launchctl.BootoutLine(label), () => BootoutAsync(label)),
            new($"wait until {label} is gone", () => AwaitGoneAsync(label)),
            new(launchctl.BootstrapLine(propertyListPath), () => BootstrapAsync(label, propertyListPath)),
            new(launchctl.KickstartLine(label), () => KickstartAsync(label)),
        ]);

    /// <summary>Unloads an agent and waits until it is gone; one that is not loaded is no failure.</summary>
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
                    : Attempt.NotYet($"{label} does not end: launchctl print says \"{state.State}\"");
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
                // The same codes are said when it was loaded nonetheless.
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

    // RunAtLoad has mostly started it; kickstart does so now if launchd still waits for its throttle.
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
                string why = state is null
                    ? "it is not loaded"
                    : $"it is \"{state.State}\"{(state.LastExit is { } exit ? $", and ended last with {exit}" : "")}";
                return Attempt.NotYet($"{label} does not run: {why}");
            }
        );

    private async Task<StepResult> RetryAsync(TimeSpan longest, Func<Task<Attempt>> attempt)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            Attempt last = await attempt();
            if (last.Problem is null)
                return StepResult.Done;
            if (!last.MayRetry || time.GetElapsedTime(start) >= longest)
                return StepResult.Failed(last.Problem);
            await Task.Delay(Pause, time);
        }
    }

    /// <summary>One try: done, worth another, or hopeless.</summary>
    private readonly record struct Attempt(string? Problem, bool MayRetry)
    {
        public static Attempt Done => default;

        public static Attempt NotYet(string problem) => new(problem, MayRetry: true);

        public static Attempt Failed(string command, CommandResult result) =>
            new(LaunchctlError.Explain(command, result), LaunchctlError.IsTransient(result.ExitCode));
    }
}

/// <summary>Steps in their order, which can be shown or run.</summary>
public sealed class LaunchdPlan(IReadOnlyList<LaunchdStep> steps)
{
    /// <summary>What would be done, a line a step.</summary>
    public IReadOnlyList<string> Lines { get; } = [.. steps.Select(step => step.Line)];

    /// <summary>Runs the steps; the first that fails is the last.</summary>
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
/// <param name="Line">The command that a person would type, or what is waited for.</param>
/// <param name="RunAsync">Does it, with its retries.</param>
public sealed record LaunchdStep(string Line, Func<Task<StepResult>> RunAsync);

/// <summary>Whether a step was done, and if not, why not.</summary>
/// <param name="Problem">One sentence for the owner; null when it was done.</param>
public readonly record struct StepResult(string? Problem)
{
    public static StepResult Done => default;

    public bool Succeeded => Problem is null;

    public static StepResult Failed(string problem) => new(problem);
}
