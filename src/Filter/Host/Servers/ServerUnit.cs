namespace FastGate.Host.Servers;

/// <summary>A systemd unit that starts Ollama's server or HAProxy, under whatever name.</summary>
internal sealed record ServerUnit
{
    public required ServerCommand Command { get; init; }

    /// <summary>Such as <c>ollama.service</c>.</summary>
    public required string Name { get; init; }

    /// <summary>A unit of the machine, rather than the user's.</summary>
    public required bool IsSystems { get; init; }

    public bool IsActive { get; init; }

    /// <summary>The unit file and its drop-ins.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>What its server gets, each with where that stands; the last that sets a name counts.</summary>
    public IReadOnlyDictionary<string, (string Value, string Source)> Variables { get; init; } =
        new Dictionary<string, (string, string)>();

    /// <summary>Files with variables that could not be read.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>OLLAMA_HOST as the server gets it; null if it was not seen.</summary>
    public string? Host => Variable(OllamaHost.Variable);

    /// <summary>Others than this machine reach the server.</summary>
    public bool IsOpen => Host is { } host && !OllamaHost.IsLoopback(host);

    public string? Variable(string name) =>
        Command.Variables.TryGetValue(name, out string? value) ? value
        : Variables.TryGetValue(name, out (string Value, string Source) set) ? set.Value
        : null;

    /// <summary>Where a value stands.</summary>
    public string Source(string name) =>
        Command.Variables.ContainsKey(name)
            ? $"the command of {Name} ({Command.ScriptPath ?? string.Join(", ", Files)})"
            : $"{Name} ({Variables[name].Source})";

    /// <summary>A drop-in sets a variable; not where the command itself, or a file that is read later, sets it
    /// again.</summary>
    public bool TakesDropIn(string name) =>
        !Command.Variables.ContainsKey(name)
        && !(Variables.TryGetValue(name, out (string Value, string Source) set) && !Files.Contains(set.Source));

    /// <summary>The command that stops the unit and keeps it from starting again.</summary>
    public string DisableLine() => $"{(IsSystems ? "sudo systemctl" : "systemctl --user")} disable --now {Name}";

    /// <summary>The command that sets a variable in a drop-in and restarts the unit.</summary>
    public string DropInLine(string name, string value)
    {
        (string sudo, string folder, string flag) = IsSystems
            ? ("sudo ", "/etc/systemd/system", "")
            : ("", "~/.config/systemd/user", " --user");
        string dropIns = $"{folder}/{Name}.d";
        string file = $"{dropIns}/fastgate-{name.ToLowerInvariant().Replace('_', '-')}.conf";
        string write = IsSystems ? $"| sudo tee {file}" : $"> {file}";
        return $"{sudo}mkdir -p {dropIns} && printf '[Service]\\nEnvironment=\"{name}={value}\"\\n' {write} && "
            + $"{sudo}systemctl{flag} daemon-reload && {sudo}systemctl{flag} restart {Name}";
    }
}
