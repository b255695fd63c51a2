using System.Globalization;

namespace FastGate.Launchd;

/// <summary>What launchd knows of a loaded agent, read from <c>launchctl print</c>, whose form Apple does not promise.</summary>
public sealed record AgentState
{
    /// <summary><c>running</c>, <c>not running</c>, <c>waiting</c>, <c>spawn scheduled</c>; empty if it was not said.</summary>
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

    /// <summary>Reads what is known; a line that is not known is passed over, so that a new macOS adds no failure.</summary>
    public static AgentState Parse(string printed)
    {
        AgentState state = new();
        int depth = 0;
        foreach (string raw in printed.Split('\n'))
        {
            string line = raw.Trim();
            // Lines of the agent itself are one level deep; deeper ones tell of its sockets, environment and arguments.
            if (line == "}") depth--;
            else if (line.EndsWith('{')) depth++;
            else if (depth == 1 && line.IndexOf(" = ", StringComparison.Ordinal) is var at and > 0)
                state = state.With(line[..at], line[(at + 3)..].Trim());
        }
        return state;
    }

    private AgentState With(string key, string value) => key switch
    {
        "state" => this with { State = value },
        "pid" => this with { ProcessId = Number(value) },
        "runs" => this with { Runs = Number(value) },
        "path" => this with { PropertyListPath = value },
        "program" => this with { Program = value },
        "last exit code" when value != "(never exited)" => this with { LastExit = value },
        "last terminating signal" => this with { LastExit = $"signal {value}" },
        _ => this,
    };

    private static int? Number(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
