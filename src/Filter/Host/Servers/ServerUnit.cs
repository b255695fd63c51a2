namespace FastGate.Host.Servers;

/// <summary>A systemd unit that starts Ollama's server or HAProxy, whatever its name.</summary>
internal sealed record ServerUnit
{
    public required ServerCommand Command { get; init; }

    /// <summary>Such as <c>ollama.service</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is a system unit rather than one of the user.</summary>
    public required bool IsSystemWide { get; init; }

    public bool IsActive { get; init; }

    /// <summary>The unit file and its drop-ins.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The variables that its server receives, and where each is set; the last one that sets a name
    /// counts.</summary>
    public IReadOnlyDictionary<string, (string Value, string Source)> Variables { get; init; } =
        new Dictionary<string, (string, string)>();

    /// <summary>Files of variables that could not be read.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>OLLAMA_HOST as the server receives it; null if it is not set in any place that was read.</summary>
    public string? Host => Variable(OllamaHost.Variable);

    /// <summary>Whether other machines can reach the server.</summary>
    public bool IsOpen => Host is { } host && !OllamaHost.IsLoopback(host);

    public string? Variable(string name) =>
        Command.Variables.TryGetValue(name, out string? value) ? value
        : Variables.TryGetValue(name, out (string Value, string Source) set) ? set.Value
        : null;

    /// <summary>Where a value is set.</summary>
    public string Source(string name) =>
        Command.Variables.ContainsKey(name)
            ? $"the command of {Name} ({Command.ScriptPath ?? string.Join(", ", Files)})"
            : $"{Name} ({Variables[name].Source})";

    /// <summary>Whether a drop-in can set a variable: not if the command itself, or a file that is read later, sets
    /// it.</summary>
    public bool TakesDropIn(string name) =>
        !Command.Variables.ContainsKey(name)
        && !(Variables.TryGetValue(name, out (string Value, string Source) set) && !Files.Contains(set.Source));

    /// <summary>The command that stops the unit and keeps it from starting again.</summary>
    public string DisableLine() => $"{(IsSystemWide ? "sudo systemctl" : "systemctl --user")} disable --now {Name}";

    /// <summary>The command that sets a variable in a drop-in and restarts the unit.</summary>
    public string DropInLine(string name, string value)
    {
        (string sudo, string folder, string flag) = IsSystemWide
            ? ("sudo ", "/etc/systemd/system", "")
            : ("", "~/.config/systemd/user", " --user");
        string dropIns = $"{folder}/{Name}.d";
        string file = $"{dropIns}/fastgate-{name.ToLowerInvariant().Replace('_', '-')}.conf";
        string write = IsSystemWide ? $"| sudo tee {file}" : $"> {file}";
        return $"{sudo}mkdir -p {dropIns} && printf '[Service]\\nEnvironment=\"{name}={value}\"\\n' {write} && "
            + $"{sudo}systemctl{flag} daemon-reload && {sudo}systemctl{flag} restart {Name}";
    }
}
