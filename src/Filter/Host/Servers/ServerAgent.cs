using FastGate.Launchd;

namespace FastGate.Host.Servers;

/// <summary>An agent or a daemon of launchd that starts Ollama's server or HAProxy, whatever its label.</summary>
internal sealed record ServerAgent
{
    public required ServerCommand Command { get; init; }

    public required AgentPropertyList Agent { get; init; }

    /// <summary>The property list.</summary>
    public required string Path { get; init; }

    /// <summary>The label as it is written; <see cref="AgentLabel"/> may not accept it.</summary>
    public required string Label { get; init; }

    /// <summary>Whether its file is in a system folder, which only root may change.</summary>
    public bool IsSystemWide { get; init; }

    /// <summary>Whether launchd loaded it from a file outside the folders that it searches at login.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>Whether it runs without a login session, and so does not inherit the session's variables.</summary>
    public bool IsDaemon { get; init; }

    /// <summary>Whether launchd has loaded it; null if that is unknown.</summary>
    public bool? IsLoaded { get; init; }

    /// <summary>Variables of the login session, which an agent inherits.</summary>
    public IReadOnlyDictionary<string, string> Session { get; init; } = new Dictionary<string, string>();

    /// <summary>The label, if launchctl accepts it.</summary>
    public AgentLabel? Known => AgentLabel.TryParse(Label, out AgentLabel? label, out _) ? label : null;

    /// <summary>OLLAMA_HOST as the server receives it; null if it is not set in any place that was read.</summary>
    public string? Host => Variable(OllamaHost.Variable);

    /// <summary>Whether other machines can reach the server.</summary>
    public bool IsOpen => Host is { } host && !OllamaHost.IsLoopback(host);

    /// <summary>Why <c>install</c> cannot set a variable in its property list; null if it can.</summary>
    public string? Obstacle(string variable) =>
        Command.Variables.ContainsKey(variable)
            ? $"its command sets {variable}{(Command.ScriptPath is { } script ? $", in {script}" : "")}"
        : IsSystemWide ? "only root may change it"
        : IsElsewhere ? "it was loaded from outside ~/Library/LaunchAgents"
        : Label.StartsWith("org.nix", StringComparison.Ordinal) ? "Nix manages it: change your Nix configuration"
        : Label.StartsWith("homebrew.mxcl.", StringComparison.Ordinal) ? "Homebrew rewrites it at every start"
        : new FileInfo(Path).LinkTarget is { } target ? $"it is a link to {target}, which another program manages"
        : Known is null ? "launchctl does not accept its label"
        : null;

    /// <summary>A variable as the server receives it; null if it is not set in any place that was read.</summary>
    public string? Variable(string name) =>
        Command.Variables.TryGetValue(name, out string? value)
            ? value
            : Agent.Variable(name) ?? (IsDaemon ? null : Session.GetValueOrDefault(name));

    /// <summary>Where that value is set.</summary>
    public string Source(string name, Func<string, string> shorten) =>
        Command.Variables.ContainsKey(name) ? $"the command of {Label} ({shorten(Command.ScriptPath ?? Path)})"
        : Agent.Variable(name) is not null || IsDaemon || !Session.ContainsKey(name) ? $"{shorten(Path)} ({Label})"
        : $"the login session, which {Label} ({shorten(Path)}) inherits";

    /// <summary>The commands that reload it from its property list.</summary>
    public string ReloadLine(uint userId, Func<string, string> quote) =>
        IsDaemon
            ? $"sudo launchctl bootout system/{quote(Label)} ; sudo launchctl bootstrap system {quote(Path)}"
            : $"launchctl bootout {AgentLabel.DomainTarget(userId)}/{quote(Label)} ; launchctl "
                + $"bootstrap {AgentLabel.DomainTarget(userId)} {quote(Path)}";
}
