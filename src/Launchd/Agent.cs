namespace FastGate.Launchd;

/// <summary>A program that launchd keeps for a user: what its property list in ~/Library/LaunchAgents says
/// (launchd.plist(5)).</summary>
public sealed record Agent
{
    public required AgentLabel Label { get; init; }

    /// <summary>The program as a whole path, and its arguments. They go to it as they are: no shell reads
    /// them.</summary>
    public required IReadOnlyList<string> ProgramArguments { get; init; }

    /// <summary>Beside the little that launchd sets; nothing of the owner's shell is there.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Start it at login.</summary>
    public bool RunAtLoad { get; init; } = true;

    /// <summary>Start it again however it ended.</summary>
    public bool KeepAlive { get; init; } = true;

    /// <summary><c>Interactive</c> keeps macOS from throttling what somebody waits for; null is launchd's
    /// default.</summary>
    public string? ProcessType { get; init; }

    /// <summary>The least time between two starts, in whole seconds; launchd's default is 10.</summary>
    public int? ThrottleSeconds { get; init; }

    /// <summary>From SIGTERM to SIGKILL, in whole seconds; launchd's default is 20.</summary>
    public int? ExitTimeOutSeconds { get; init; }

    /// <summary>Open descriptors; launchd's default is 256.</summary>
    public int? FilesMax { get; init; }

    /// <summary>A file; its folder has to be there, launchd does not make it.</summary>
    public string? StandardOutPath { get; init; }

    public string? StandardErrorPath { get; init; }
}
