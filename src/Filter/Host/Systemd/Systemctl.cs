using FastGate.Launchd;

namespace FastGate.Host.Systemd;

/// <summary>systemd's own tools, for the units of one user.</summary>
internal sealed class Systemctl(ICommandRunner runner, string userName)
{
    // A stop waits for the program to end, and FastGate takes up to its drain time.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    public static string Line(params string[] words) => $"systemctl --user {string.Join(' ', words)}";

    public static string LingerLine(bool on, string userName) =>
        $"loginctl {(on ? "enable" : "disable")}-linger {userName}";

    public Task<StepResult> RunAsync(params string[] words) => EndAsync("systemctl", ["--user", .. words]);

    /// <summary>It runs, or is about to.</summary>
    public async Task<bool> IsActiveAsync(string unit) =>
        (await runner.RunAsync("systemctl", ["--user", "is-active", "--quiet", unit], Longest)).Succeeded;

    /// <summary>It starts with the user's session.</summary>
    public async Task<bool> IsEnabledAsync(string unit) =>
        (await runner.RunAsync("systemctl", ["--user", "is-enabled", "--quiet", unit], Longest)).Succeeded;

    /// <summary>Looks only. The state is null when systemd did not say.</summary>
    /// <param name="unit">Its name.</param>
    /// <param name="ofSystem">The machine's own units, rather than the user's.</param>
    public async Task<(UnitState? State, CommandResult Result)> ShowAsync(string unit, bool ofSystem = false)
    {
        string[] words = ["show", unit, $"--property={UnitState.Properties}"];
        CommandResult result = await runner.RunAsync("systemctl", ofSystem ? words : ["--user", .. words], Longest);
        return (result.Succeeded ? UnitState.Parse(result.Output) : null, result);
    }

    /// <summary>Properties of all services that are loaded, a block of lines each; empty when systemd did not
    /// say.</summary>
    /// <param name="properties">With commas between them.</param>
    /// <param name="ofSystem">The machine's own units, rather than the user's.</param>
    public async Task<string> ShowServicesAsync(string properties, bool ofSystem)
    {
        string[] words = ["show", "*.service", $"--property={properties}"];
        CommandResult result = await runner.RunAsync("systemctl", ofSystem ? words : ["--user", .. words], Longest);
        return result.Succeeded ? result.Output : "";
    }

    /// <summary>The variables that a manager gives to all its units, a line each; empty when systemd did not
    /// say.</summary>
    public async Task<string> ManagerVariablesAsync(bool ofSystem)
    {
        string[] words = ["show-environment"];
        CommandResult result = await runner.RunAsync("systemctl", ofSystem ? words : ["--user", .. words], Longest);
        return result.Succeeded ? result.Output : "";
    }

    /// <summary>The user's units run without a session: from boot on, and after a logout.</summary>
    public async Task<bool> LingersAsync() =>
        (await runner.RunAsync("loginctl", ["show-user", userName, "--property=Linger"], Longest)).Output.Trim()
        == "Linger=yes";

    public Task<StepResult> SetLingerAsync(bool on) =>
        EndAsync("loginctl", [on ? "enable-linger" : "disable-linger", userName]);

    private async Task<StepResult> EndAsync(string program, string[] words)
    {
        CommandResult result = await runner.RunAsync(program, words, Longest);
        if (result.Succeeded)
            return StepResult.Done;
        return StepResult.Failed(
            result.ExitCode == CommandResult.NotFound
                ? $"{program} is not there: does this machine run systemd?"
                : $"{program} {string.Join(' ', words)}: {result.Description}{Cure(result)}"
        );
    }

    // Such as after "su": there is a manager for the user, but the environment does not lead to it.
    private static string Cure(CommandResult result) =>
        result.Description.Contains("connect to bus", StringComparison.Ordinal)
            ? "; log in as this user (not by su or sudo), or set XDG_RUNTIME_DIR=/run/user/$(id -u), and try again"
            : "";
}
