using System.Globalization;

namespace FastGate.Launchd;

/// <summary>Runs <c>launchctl</c> for the agents of one user's login session.</summary>
public sealed class Launchctl(ICommandRunner runner, uint userId)
{
    // bootout waits for the program to end, and FastGate takes up to its drain time.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    public string BootoutLine(AgentLabel label) => $"launchctl bootout {label.ServiceTarget(userId)}";

    public string BootstrapLine(string propertyListPath) =>
        $"launchctl bootstrap {AgentLabel.DomainTarget(userId)} {propertyListPath}";

    public string KickstartLine(AgentLabel label) => $"launchctl kickstart {label.ServiceTarget(userId)}";

    public Task<CommandResult> BootoutAsync(AgentLabel label) => RunAsync("bootout", label.ServiceTarget(userId));

    public Task<CommandResult> BootstrapAsync(string propertyListPath) =>
        RunAsync("bootstrap", AgentLabel.DomainTarget(userId), propertyListPath);

    public Task<CommandResult> KickstartAsync(AgentLabel label) => RunAsync("kickstart", label.ServiceTarget(userId));

    public string EnableLine(AgentLabel label) => $"launchctl enable {label.ServiceTarget(userId)}";

    public string DisableLine(AgentLabel label) => $"launchctl disable {label.ServiceTarget(userId)}";

    public Task<CommandResult> EnableAsync(AgentLabel label) => RunAsync("enable", label.ServiceTarget(userId));

    /// <summary>Keeps launchd from loading the agent, also at the next login. A loaded agent stays loaded.</summary>
    public Task<CommandResult> DisableAsync(AgentLabel label) => RunAsync("disable", label.ServiceTarget(userId));

    /// <summary>Whether the user has disabled the agent. Older versions of macOS print <c>true</c> for
    /// <c>disabled</c>.</summary>
    public async Task<bool> IsDisabledAsync(AgentLabel label)
    {
        CommandResult result = await RunAsync("print-disabled", AgentLabel.DomainTarget(userId));
        string entry = $"\"{label}\" => ";
        return result
            .Output.Split('\n')
            .Select(line => line.Trim())
            .Any(line => line == $"{entry}disabled" || line == $"{entry}true");
    }

    /// <summary>Reads the state; null when the label is not loaded or launchctl failed.</summary>
    /// <param name="label">The agent or daemon.</param>
    /// <param name="ofSystem">Whether it is a system daemon rather than an agent of the user.</param>
    public async Task<(AgentState? State, CommandResult Result)> PrintAsync(AgentLabel label, bool ofSystem = false)
    {
        CommandResult result = await RunAsync("print", ofSystem ? $"system/{label}" : label.ServiceTarget(userId));
        return (result.Succeeded ? AgentState.Parse(result.Output) : null, result);
    }

    /// <summary>Why no agent can be loaded: the user has no login session. Null if there is one.</summary>
    public async Task<string?> SessionProblemAsync()
    {
        CommandResult result = await RunAsync("print", AgentLabel.DomainTarget(userId));
        return result.Succeeded ? null
            : result.ExitCode == CommandResult.NotFound ? LaunchctlError.Explain("print", result)
            : LaunchctlError.Explain("print", result with { ExitCode = LaunchctlError.NoDomain });
    }

    /// <summary>A variable of the login session, which programs started from the Dock inherit; null if it is not
    /// set.</summary>
    public async Task<string?> SessionVariableAsync(string name)
    {
        CommandResult result = await RunAsync("getenv", name);
        string value = result.Output.Trim();
        return result.Succeeded && value.Length > 0 ? value : null;
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => runner.RunAsync("launchctl", arguments, Timeout);
}

/// <summary>The exit codes of <c>launchctl</c> that are handled here (<c>launchctl error CODE</c> names
/// them).</summary>
public static class LaunchctlError
{
    /// <summary>No such process: the label is not loaded.</summary>
    public const int NoProcess = 3;

    /// <summary>Ambiguous: usually a label that lingers after a bootout, or one that is already loaded.</summary>
    public const int InputOutput = 5;

    /// <summary>File exists.</summary>
    public const int Exists = 17;

    /// <summary>The bootout is in progress: the program has not ended yet.</summary>
    public const int InProgress = 36;

    /// <summary>Another operation on this label is in progress, or it is already loaded.</summary>
    public const int AlreadyInProgress = 37;

    /// <summary>No such service.</summary>
    public const int NoService = 113;

    /// <summary>The label is disabled, which persists across restarts.</summary>
    public const int Disabled = 119;

    /// <summary>No such domain: no user is logged in at the Mac's screen.</summary>
    public const int NoDomain = 125;

    /// <summary>Whether the error goes away by itself, so that retrying helps.</summary>
    public static bool IsTransient(int code) => code is InputOutput or Exists or InProgress or AlreadyInProgress;

    public static bool MeansNotLoaded(int code) => code is NoProcess or NoService;

    /// <summary>One sentence for the user, with a fix if one is known.</summary>
    public static string Explain(string command, CommandResult result) =>
        result.ExitCode switch
        {
            NoDomain => $"launchctl {command}: no login session: log in at this Mac's screen (or turn "
                + $"on automatic login), then try again",
            Disabled => $"launchctl {command}: the label is disabled: run launchctl enable for it, then try again",
            CommandResult.NotFound => "launchctl was not found: is this a Mac?",
            _ => $"launchctl {command}: {result.Description}",
        };
}

/// <summary>The state of a loaded agent, read from <c>launchctl print</c>, whose format Apple does not
/// guarantee.</summary>
public sealed record AgentState
{
    /// <summary><c>running</c>, <c>not running</c>, <c>waiting</c>, <c>spawn scheduled</c>; empty if it is
    /// missing.</summary>
    public string State { get; init; } = "";

    public int? ProcessId { get; init; }

    /// <summary>The number of starts since it was loaded.</summary>
    public int? Runs { get; init; }

    /// <summary>The exit code as printed, such as <c>78: EX_CONFIG</c>; null if it never ended.</summary>
    public string? LastExit { get; init; }

    /// <summary>The property list that it was loaded from.</summary>
    public string? PropertyListPath { get; init; }

    public string? Program { get; init; }

    public bool IsRunning => State == "running" && ProcessId is not null;

    /// <summary>Reads the known fields and ignores other lines, so that a new macOS version causes no failure. The
    /// agent's own fields have exactly one leading tab. Braces are not counted, because a shell script among the
    /// arguments is printed as it is, over many lines.</summary>
    public static AgentState Parse(string printed)
    {
        AgentState state = new();
        foreach (string line in printed.Split('\n'))
        {
            if (line is not ['\t', var first, ..] || char.IsWhiteSpace(first))
                continue;
            if (line.IndexOf(" = ", StringComparison.Ordinal) is var at and > 0)
                state = state.With(line[1..at], line[(at + 3)..].Trim());
        }
        return state;
    }

    // A multi-line script or variable may contain such a line too. Fields that launchd prints before the arguments are
    // taken from their first line, fields that it prints after the environment from their last.
    private AgentState With(string key, string value) =>
        key switch
        {
            "state" when State.Length == 0 => this with { State = value },
            "pid" => this with { ProcessId = Number(value) },
            "runs" => this with { Runs = Number(value) },
            "path" when PropertyListPath is null => this with { PropertyListPath = value },
            "program" when Program is null => this with { Program = value },
            "last exit code" => this with { LastExit = value == "(never exited)" ? null : value },
            "last terminating signal" => this with { LastExit = $"signal {value}" },
            _ => this,
        };

    private static int? Number(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
