using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Steps that load and unload launchd agents and stop Homebrew services.</summary>
internal sealed class AgentSteps(HostEnvironment environment, InstallPaths paths, Journal journal, Disk disk)
{
    private readonly Launchctl _launchctl = new(environment.Runner, environment.UserId);
    private readonly AgentLoader _loader = new(new Launchctl(environment.Runner, environment.UserId), environment.Time);

    /// <summary>Loads an agent from its property list and waits until it runs.</summary>
    /// <param name="label">The agent.</param>
    /// <param name="isNew">Whether its program or property list has just changed, so that a running instance is out of
    /// date.</param>
    /// <param name="path">The property list, if it is not in the default place.</param>
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
                        // An agent that is loaded but not running is only started, which needs no undo.
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

    /// <summary>Loads an agent that runs once after each login, and now.</summary>
    /// <param name="label">The agent.</param>
    /// <param name="isNew">Whether its property list has just changed.</param>
    public Step LoadOnce(AgentLabel label, bool isNew)
    {
        LaunchdPlan plan = _loader.LoadOnce(label, paths.AgentFile(label));
        return new Step(
            $"load {label}",
            plan.Lines,
            async () => !isNew && !await IsGoneAsync(label),
            () =>
            {
                if (!journal.Has(ChangeKind.LoadedAgent, label.Name))
                    journal.Add(ChangeOf(ChangeKind.LoadedAgent, label, path: null));
                return plan.RunAsync();
            }
        );
    }

    /// <summary>Unloads an agent before its program or property list is changed.</summary>
    public Step Unload(AgentLabel label, Func<bool> isNew, string? path = null)
    {
        LaunchdPlan plan = _loader.Unload(label);
        return new Step(
            $"unload {label}, only if changed",
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

    /// <summary>Unloads an agent that FastGate did not create, and moves its property list where launchd does not find
    /// it at the next login.</summary>
    public Step Replace(AgentLabel label, string? file = null)
    {
        // An agent that was loaded from another folder does not return at the next login; its file belongs to the user.
        string path =
            File.Exists(paths.AgentFile(label)) || Path.GetDirectoryName(file) != paths.AgentFolder
                ? paths.AgentFile(label)
                : file!;
        LaunchdPlan plan = _loader.Unload(label);
        string[] move = File.Exists(path) ? [$"move {paths.Short(path)} to {paths.Short(Disk.AsideOf(path))}"] : [];
        return new Step(
            $"unload {label} and move its property list aside",
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
            $"stop the Homebrew service {service}",
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

    // How to undo the step depends on the state before it, so an unknown state is an error.
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

/// <summary>Starts and stops Homebrew services.</summary>
internal static class Brew
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    // An ssh login often lacks Homebrew's folder in PATH; these are its defaults on Apple silicon and Intel.
    private static readonly string[] DefaultPaths = ["/opt/homebrew/bin/brew", "/usr/local/bin/brew"];

    public static string? Find(HostEnvironment environment) =>
        environment.Runner.Find("brew")
        ?? DefaultPaths.Select(environment.Runner.Find).FirstOrDefault(path => path is not null);

    /// <param name="environment">The machine and user.</param>
    /// <param name="verb"><c>start</c> or <c>stop</c>.</param>
    /// <param name="service">The name of the service, such as <c>ollama</c>.</param>
    public static async Task<StepResult> RunAsync(HostEnvironment environment, string verb, string service)
    {
        if (Find(environment) is not { } brew)
            return StepResult.Failed("the brew command was not found");
        CommandResult result = await environment.Runner.RunAsync(brew, ["services", verb, service], Timeout);
        return result.Succeeded
            ? StepResult.Done
            : StepResult.Failed($"brew services {verb} {service}: {result.Description}");
    }
}
