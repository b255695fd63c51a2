using System.Globalization;
using FastGate.Launchd;

namespace FastGate.Host.Systemd;

/// <summary>Runs systemd's own tools, for the units of one user.</summary>
internal sealed class Systemctl(ICommandRunner runner, string userName)
{
    // A stop waits for the program to exit, and FastGate takes up to its drain time.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    public static string Line(params string[] words) => $"systemctl --user {string.Join(' ', words)}";

    public static string LingerLine(bool on, string userName) =>
        $"loginctl {(on ? "enable" : "disable")}-linger {userName}";

    public Task<StepResult> RunAsync(params string[] words) => EndAsync("systemctl", ["--user", .. words]);

    /// <summary>Runs a command for a unit of the machine, without a prompt for a password.</summary>
    public Task<StepResult> RunForSystemAsync(params string[] words) =>
        EndAsync("systemctl", ["--no-ask-password", .. words]);

    /// <summary>Whether the unit is active.</summary>
    public async Task<bool> IsActiveAsync(string unit) =>
        (await runner.RunAsync("systemctl", ["--user", "is-active", "--quiet", unit], Timeout)).Succeeded;

    /// <summary>Whether the unit starts with the user's session.</summary>
    public async Task<bool> IsEnabledAsync(string unit) =>
        (await runner.RunAsync("systemctl", ["--user", "is-enabled", "--quiet", unit], Timeout)).Succeeded;

    /// <summary>Reads the state of a unit; null if systemd does not respond.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="ofSystem">The units of the machine, not of the user.</param>
    public async Task<(UnitState? State, CommandResult Result)> ShowAsync(string unit, bool ofSystem = false)
    {
        string[] words = ["show", unit, $"--property={UnitState.Properties}"];
        CommandResult result = await runner.RunAsync("systemctl", ofSystem ? words : ["--user", .. words], Timeout);
        return (result.Succeeded ? UnitState.Parse(result.Output) : null, result);
    }

    /// <summary>The properties of all loaded services, a block of lines each; empty if systemd does not
    /// respond.</summary>
    /// <param name="properties">The names, separated by commas.</param>
    /// <param name="ofSystem">The units of the machine, not of the user.</param>
    public async Task<string> ShowServicesAsync(string properties, bool ofSystem)
    {
        string[] words = ["show", "*.service", $"--property={properties}"];
        CommandResult result = await runner.RunAsync("systemctl", ofSystem ? words : ["--user", .. words], Timeout);
        return result.Succeeded ? result.Output : "";
    }

    /// <summary>The variables that a manager passes to all its units, one a line; empty if systemd does not
    /// respond.</summary>
    public async Task<string> ManagerVariablesAsync(bool ofSystem)
    {
        string[] words = ["show-environment"];
        CommandResult result = await runner.RunAsync("systemctl", ofSystem ? words : ["--user", .. words], Timeout);
        return result.Succeeded ? result.Output : "";
    }

    /// <summary>Whether the user's units run without a session: from boot, and after a logout.</summary>
    public async Task<bool> LingersAsync() =>
        (await runner.RunAsync("loginctl", ["show-user", userName, "--property=Linger"], Timeout)).Output.Trim()
        == "Linger=yes";

    public Task<StepResult> SetLingerAsync(bool on) =>
        EndAsync("loginctl", [on ? "enable-linger" : "disable-linger", userName]);

    private async Task<StepResult> EndAsync(string program, string[] words)
    {
        CommandResult result = await runner.RunAsync(program, words, Timeout);
        if (result.Succeeded)
            return StepResult.Done;
        return StepResult.Failed(
            result.ExitCode == CommandResult.NotFound
                ? $"{program} does not exist: does this machine run systemd?"
                : $"{program} {string.Join(' ', words)}: {result.Description}{Cure(result)}"
        );
    }

    /// <summary>What to do about a failure, as the end of a sentence. After "su", for example, the user has a manager,
    /// but the environment does not name it.</summary>
    public static string Cure(CommandResult result) =>
        result.Description.Contains("connect to bus", StringComparison.Ordinal)
            ? "; log in as this user (not with su or sudo), or set XDG_RUNTIME_DIR=/run/user/$(id -u), and try again"
            : "";
}

/// <summary>The state of a unit, parsed from <c>systemctl show</c> (org.freedesktop.systemd1(5)).</summary>
internal sealed record UnitState
{
    /// <summary>The properties to print.</summary>
    public const string Properties =
        "LoadState,ActiveState,SubState,NRestarts,ExecMainStatus,MainPID,Environment,UnitFileState";

    /// <summary><c>not-found</c> if the unit does not exist.</summary>
    public string LoadState { get; init; } = "";

    public string ActiveState { get; init; } = "";

    public string SubState { get; init; } = "";

    /// <summary>The number of automatic restarts.</summary>
    public int Restarts { get; init; }

    /// <summary>The last exit code of its program; 0 if it never exited.</summary>
    public int LastExit { get; init; }

    public int ProcessId { get; init; }

    public string Environment { get; init; } = "";

    /// <summary><c>enabled</c> if systemd starts it by itself.</summary>
    public string FileState { get; init; } = "";

    public bool Exists => LoadState is "loaded" or "masked" or "bad-setting" or "error";

    public bool IsRunning => ActiveState == "active" && SubState == "running";

    public static UnitState Parse(string printed)
    {
        UnitState state = new();
        foreach (string line in printed.Split('\n'))
        {
            if (line.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
                state = state.With(line[..at], line[(at + 1)..].Trim());
        }
        return state;
    }

    private UnitState With(string key, string value) =>
        key switch
        {
            "LoadState" => this with { LoadState = value },
            "ActiveState" => this with { ActiveState = value },
            "SubState" => this with { SubState = value },
            "NRestarts" => this with { Restarts = Number(value) },
            "ExecMainStatus" => this with { LastExit = Number(value) },
            "MainPID" => this with { ProcessId = Number(value) },
            "Environment" => this with { Environment = value },
            "UnitFileState" => this with { FileState = value },
            _ => this,
        };

    private static int Number(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
