using System.Globalization;

namespace FastGate.Host.Systemd;

/// <summary>What systemd knows of a unit, read from <c>systemctl show</c> (org.freedesktop.systemd1(5)).</summary>
internal sealed record UnitState
{
    /// <summary>What is asked for.</summary>
    public const string Properties =
        "LoadState,ActiveState,SubState,NRestarts,ExecMainStatus,MainPID,Environment,UnitFileState";

    /// <summary><c>not-found</c> if there is no such unit.</summary>
    public string LoadState { get; init; } = "";

    public string ActiveState { get; init; } = "";

    public string SubState { get; init; } = "";

    /// <summary>How often it was started again by itself.</summary>
    public int Restarts { get; init; }

    /// <summary>What its program ended with the last time; 0 if it never ended.</summary>
    public int LastExit { get; init; }

    public int ProcessId { get; init; }

    public string Environment { get; init; } = "";

    /// <summary><c>enabled</c> if it starts by itself.</summary>
    public string FileState { get; init; } = "";

    public bool IsThere => LoadState is "loaded" or "masked" or "bad-setting" or "error";

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
