using FastGate.Launchd;

namespace FastGate.Host.Servers;

/// <summary>An agent or a daemon of launchd's that starts Ollama's server or HAProxy, under whatever label.</summary>
internal sealed record ServerAgent
{
    public required ServerCommand Command { get; init; }

    public required WrittenAgent Agent { get; init; }

    /// <summary>The property list.</summary>
    public required string Path { get; init; }

    /// <summary>As it is written; it may be none that <see cref="AgentLabel"/> takes.</summary>
    public required string Label { get; init; }

    /// <summary>It lies in a folder of the system's, which only root may change.</summary>
    public bool IsSystems { get; init; }

    /// <summary>It was loaded from a file that lies in none of the folders where launchd looks by itself.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>It runs without a login session, so that the session's variables do not reach it.</summary>
    public bool IsDaemon { get; init; }

    /// <summary>launchd has it; null if launchd did not say.</summary>
    public bool? IsLoaded { get; init; }

    /// <summary>Variables of the login session, which an agent inherits.</summary>
    public IReadOnlyDictionary<string, string> Session { get; init; } = new Dictionary<string, string>();

    /// <summary>The label, where launchctl can be asked by it.</summary>
    public AgentLabel? Known => AgentLabel.TryParse(Label, out AgentLabel? label, out _) ? label : null;

    /// <summary>OLLAMA_HOST as the server gets it; null if it was not seen.</summary>
    public string? Host => Variable(OllamaHost.Variable);

    /// <summary>Others than this machine reach the server.</summary>
    public bool IsOpen => Host is { } host && !OllamaHost.IsLoopback(host);

    /// <summary>Why <c>install</c> cannot set a variable by its property list; null if it can.</summary>
    public string? Obstacle(string variable) =>
        Command.Variables.ContainsKey(variable)
            ? $"the command that it starts sets {variable}{(Command.ScriptPath is { } script ? $", in {script}" : "")}"
        : IsSystems ? "only root may change it"
        : IsElsewhere ? "it was loaded from outside ~/Library/LaunchAgents"
        : Label.StartsWith("org.nix", StringComparison.Ordinal) ? "Nix writes it: change your configuration"
        : Label.StartsWith("homebrew.mxcl.", StringComparison.Ordinal) ? "Homebrew writes it again at every start"
        : new FileInfo(Path).LinkTarget is { } target ? $"it is a link to {target}, which something else keeps"
        : Known is null ? "its label is none that install can hand to launchctl"
        : null;

    /// <summary>A variable as the server gets it; null if it was not seen.</summary>
    public string? Variable(string name) =>
        Command.Variables.TryGetValue(name, out string? value)
            ? value
            : Agent.Variable(name) ?? (IsDaemon ? null : Session.GetValueOrDefault(name));

    /// <summary>Where that value stands.</summary>
    public string Source(string name, Func<string, string> shorten) =>
        Command.Variables.ContainsKey(name) ? $"the command of {Label} ({shorten(Command.ScriptPath ?? Path)})"
        : Agent.Variable(name) is not null || IsDaemon || !Session.ContainsKey(name) ? $"{shorten(Path)} ({Label})"
        : $"the login session, which {Label} ({shorten(Path)}) follows";

    /// <summary>Commands that make it read its property list again.</summary>
    public string ReloadLine(uint userId, Func<string, string> quote) =>
        IsDaemon
            ? $"sudo launchctl bootout system/{quote(Label)} ; sudo launchctl bootstrap system {quote(Path)}"
            : $"launchctl bootout {AgentLabel.DomainTarget(userId)}/{quote(Label)} ; launchctl "
                + $"bootstrap {AgentLabel.DomainTarget(userId)} {quote(Path)}";
}
