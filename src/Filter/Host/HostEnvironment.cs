using FastGate.Config;
using FastGate.Launchd;

namespace FastGate.Host;

/// <summary>The machine and the user that something is installed for. All that depends on the system comes in by
/// this.</summary>
internal sealed record HostEnvironment
{
    public required Machine Machine { get; init; }

    public required uint UserId { get; init; }

    public required string UserName { get; init; }

    /// <summary><c>$XDG_DATA_HOME</c>, if it is set to a whole path.</summary>
    public string? DataHome { get; init; }

    /// <summary>Folders with colons between them, as in PATH, to tell whether programs there are found.</summary>
    public string SearchPath { get; init; } = "";

    /// <summary>Where macOS keeps applications: <c>/Applications</c>.</summary>
    public IReadOnlyList<string> ApplicationFolders { get; init; } = [];

    /// <summary>Where macOS keeps the agents and daemons of all users: <c>/Library/LaunchAgents</c>,
    /// <c>/Library/LaunchDaemons</c>.</summary>
    public IReadOnlyList<string> SystemAgentFolders { get; init; } = [];

    public required ICommandRunner Runner { get; init; }

    public required IPublisher Publisher { get; init; }

    public required IProbe Probe { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The folder of .NET, for a program that does not bring its own.</summary>
    public string DotnetFolder { get; init; } = "";

    /// <summary>Run by sudo: then files would belong to root and the agents to nobody's session.</summary>
    public bool IsSudo { get; init; }
}
