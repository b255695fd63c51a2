using FastGate.Config;
using FastGate.Launchd;

namespace FastGate.Host;

/// <summary>The machine and the user that a verb works for. Everything that depends on the system goes through this, so
/// that tests can simulate another system.</summary>
internal sealed record HostEnvironment
{
    public required Machine Machine { get; init; }

    public required uint UserId { get; init; }

    public required string UserName { get; init; }

    /// <summary><c>$XDG_DATA_HOME</c>, if it is an absolute path.</summary>
    public string? DataHome { get; init; }

    /// <summary>The value of PATH, to find out whether a program is on it.</summary>
    public string SearchPath { get; init; } = "";

    /// <summary>The folders of macOS applications, such as <c>/Applications</c>.</summary>
    public IReadOnlyList<string> ApplicationFolders { get; init; } = [];

    /// <summary>Whether a macOS application such as <c>Ollama.app</c> is installed.</summary>
    public bool HasApplication(string name) =>
        ApplicationFolders.Any(folder => Directory.Exists(Path.Combine(folder, name)));

    /// <summary>The folders of macOS agents and daemons for all users: <c>/Library/LaunchAgents</c> and
    /// <c>/Library/LaunchDaemons</c>.</summary>
    public IReadOnlyList<string> SystemAgentFolders { get; init; } = [];

    /// <summary>The folder of temporary files, where the set-up that FastGate replaces keeps its logs.</summary>
    public string TemporaryFolder { get; init; } = "/tmp";

    public required ICommandRunner Runner { get; init; }

    public required IPublisher Publisher { get; init; }

    /// <summary>Shows what a command of minutes is doing. Called on any thread, whenever that changes.</summary>
    public Action<string> Progress { get; init; } = _ => { };

    /// <summary>The user wants the program published again, even from the same source.</summary>
    public bool Rebuild { get; init; }

    public required IProbe Probe { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The folder of .NET, for a program that does not contain it.</summary>
    public string DotnetFolder { get; init; } = "";

    /// <summary>The program runs under sudo: its files would belong to root, and its agents to no session.</summary>
    public bool IsSudo { get; init; }
}
