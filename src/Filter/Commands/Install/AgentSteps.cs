using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Steps with launchd's agents and Homebrew's services.</summary>
internal sealed class AgentSteps(HostEnvironment environment, InstallPaths paths, Journal journal, Disk disk)
{
    private readonly Launchctl _launchctl = new(environment.Runner, environment.UserId);
    private readonly AgentLoader _loader = new(new Launchctl(environment.Runner, environment.UserId), environment.Time);

    /// <summary>Loads an agent from its property list and sees it run.</summary>
    /// <param name="label">The agent.</param>
    /// <param name="isNew">Something of it is yet to change, so that what runs now does not count.</param>
    /// <param name="path">Its property list, if it is not named as usual.</param>
    public Step Load(AgentLabel label, Func<bool>? isNew = null, string? path = null)
    {
        LaunchdPlan plan = _loader.Load(label, path ?? paths.AgentFile(label));
        return new Step(
            $"load {label}",
            plan.Lines,
            async () => isNew?.Invoke() != true && await IsRunningAsync(label),
            () =>
                RunIfKnownAsync(
                    label,
                    isLoaded =>
                    {
                        // One that is loaded and does not run is only started, which has no inverse.
                        if (!isLoaded)
                            journal.Add(
                                ChangeOf(
                                    ChangeKind.LoadedAgent,
                                    label,
                                    path,
                                    isPassing: journal.Has(ChangeKind.LoadedAgent, label.Name)
                                )
                            );
                        return plan.RunAsync();
                    }
                )
        );
    }

    /// <summary>Unloads an agent before something of it is changed.</summary>
    public Step Unload(AgentLabel label, Func<bool> isNew, string? path = null)
    {
        LaunchdPlan plan = _loader.Unload(label);
        return new Step(
            $"unload {label}, if something of it changes",
            plan.Lines,
            async () => !isNew() || await IsGoneAsync(label),
            () =>
                RunIfKnownAsync(
                    label,
                    isLoaded =>
                    {
                        if (isLoaded)
                            journal.Add(
                                ChangeOf(
                                    ChangeKind.UnloadedAgent,
                                    label,
                                    path,
                                    isPassing: journal.Has(ChangeKind.LoadedAgent, label.Name)
                                )
                            );
                        return plan.RunAsync();
                    }
                )
        );
    }

    /// <summary>Unloads somebody else's agent, and puts its property list where launchd does not look at the next
    /// login.</summary>
    public Step Replace(AgentLabel label, string? file = null)
    {
        // One that was loaded from elsewhere does not come back at the next login, and its file is its owner's.
        string path =
            File.Exists(paths.AgentFile(label)) || Path.GetDirectoryName(file) != paths.AgentFolder
                ? paths.AgentFile(label)
                : file!;
        LaunchdPlan plan = _loader.Unload(label);
        string[] move = File.Exists(path) ? [$"{paths.Short(path)} becomes {paths.Short(Disk.AsideOf(path))}"] : [];
        return new Step(
            $"unload {label}, and put its property list aside",
            [.. plan.Lines, .. move],
            async () => !File.Exists(path) && await IsGoneAsync(label),
            () =>
                RunIfKnownAsync(
                    label,
                    async isLoaded =>
                    {
                        if (isLoaded)
                            journal.Add(ChangeOf(ChangeKind.UnloadedAgent, label, file));
                        StepResult result = await plan.RunAsync();
                        if (result.Succeeded && File.Exists(path))
                            disk.MoveAside(path);
                        return result;
                    }
                )
        );
    }

    public Step StopBrew(string service) =>
        new(
            $"stop Homebrew's service {service}",
            [$"brew services stop {service}"],
            () => Task.FromResult(false),
            () =>
            {
                journal.Add(new Change { Kind = ChangeKind.StoppedBrew, Name = service });
                return Brew.RunAsync(environment, "stop", service);
            }
        );

    private Change ChangeOf(ChangeKind kind, AgentLabel label, string? path, bool isPassing = false) =>
        new()
        {
            Kind = kind,
            Name = label.Name,
            Path = path ?? paths.AgentFile(label),
            IsPassing = isPassing,
        };

    // What is to be undone depends on how it was: without an answer nothing is begun.
    private async Task<StepResult> RunIfKnownAsync(AgentLabel label, Func<bool, Task<StepResult>> run)
    {
        (AgentState? state, CommandResult result) = await _launchctl.PrintAsync(label);
        return state is not null || LaunchctlError.MeansNotLoaded(result.ExitCode)
            ? await run(state is not null)
            : StepResult.Failed(LaunchctlError.Explain("print", result));
    }

    private async Task<bool> IsGoneAsync(AgentLabel label) =>
        LaunchctlError.MeansNotLoaded((await _launchctl.PrintAsync(label)).Result.ExitCode);

    private async Task<bool> IsRunningAsync(AgentLabel label) =>
        (await _launchctl.PrintAsync(label)).State is { IsRunning: true };
}

/// <summary>Homebrew's services.</summary>
internal static class Brew
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    // A login by ssh often lacks Homebrew's folder; these are its own defaults, for Apple silicon and Intel.
    private static readonly string[] DefaultPaths = ["/opt/homebrew/bin/brew", "/usr/local/bin/brew"];

    public static string? Find(HostEnvironment environment) =>
        environment.Runner.Find("brew")
        ?? DefaultPaths.Select(environment.Runner.Find).FirstOrDefault(path => path is not null);

    /// <param name="environment">Where.</param>
    /// <param name="verb"><c>start</c> or <c>stop</c>.</param>
    /// <param name="service">Such as <c>ollama</c>.</param>
    public static async Task<StepResult> RunAsync(HostEnvironment environment, string verb, string service)
    {
        if (Find(environment) is not { } brew)
            return StepResult.Failed("brew is not there");
        CommandResult result = await environment.Runner.RunAsync(brew, ["services", verb, service], Longest);
        return result.Succeeded
            ? StepResult.Done
            : StepResult.Failed($"brew services {verb} {service}: {result.Description}");
    }
}
