using System.Globalization;

namespace FastGate.Launchd;

/// <summary>What launchd knows of a loaded agent, read from <c>launchctl print</c>, whose form Apple does not
/// promise.</summary>
public sealed record AgentState
{
    /// <summary><c>running</c>, <c>not running</c>, <c>waiting</c>, <c>spawn scheduled</c>; empty if it was not
    /// said.</summary>
    public string State { get; init; } = "";

    public int? ProcessId { get; init; }

    /// <summary>How often it was started since it was loaded.</summary>
    public int? Runs { get; init; }

    /// <summary>As it is said, such as <c>78: EX_CONFIG</c>; null if it never ended.</summary>
    public string? LastExit { get; init; }

    /// <summary>The property list that it was loaded from.</summary>
    public string? PropertyListPath { get; init; }

    public string? Program { get; init; }

    public bool IsRunning => State == "running" && ProcessId is not null;

    /// <summary>
    /// Reads what is known; a line that is not known is passed over, so that a new macOS adds no failure. The agent's
    /// own fields have exactly one leading tab. Braces are not counted: the words of a shell script among the arguments
    /// are printed as they are, over many lines.
    /// </summary>
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

    // A script or a variable of several lines may have such a line too. What launchd prints before the arguments is
    // taken the first time, and what it prints behind the environment the last time.
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
