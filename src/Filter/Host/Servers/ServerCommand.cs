namespace FastGate.Host.Servers;

/// <summary>The server that a command line starts: <c>ollama serve</c> or <c>haproxy</c>, directly or through
/// <c>env</c> or a shell.</summary>
internal sealed record ServerCommand(ServerKind Kind)
{
    private static readonly string[] Shells = ["sh", "bash", "zsh", "dash", "ksh", "fish"];

    /// <summary>Variables that the command sets or, where null, unsets. They override those of the service.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>HAProxy's configuration, after <c>-f</c>; null if it is not named.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>The script that starts the server; null if the command itself does.</summary>
    public string? ScriptPath { get; init; }

    /// <summary>The server that a command starts; null if it is neither. Reads a script that the command
    /// names.</summary>
    public static ServerCommand? Of(IReadOnlyList<string> words)
    {
        if (OfWords(words, new Dictionary<string, string?>()) is { } direct)
            return direct;
        int shell = words.Select(NameOf).ToList().FindIndex(Shells.Contains);
        if (shell < 0)
            return OfInnerText(words) ?? (words is [var program, ..] ? OfScript(program) : null);
        Dictionary<string, string?> before = [];
        foreach (string word in words.Take(shell))
            ShellWords.TryAssign(word, before);
        for (int n = shell + 1; n < words.Count; n++)
        {
            if (!words[n].StartsWith('-'))
                return OfScript(words[n], before);
            if (
                !words[n].StartsWith("--", StringComparison.Ordinal) && words[n].Contains('c', StringComparison.Ordinal)
            )
                return words.Skip(n + 1).FirstOrDefault(word => !word.StartsWith('-')) is { } script
                    ? OfText(script, before)
                    : null;
        }
        return null;
    }

    /// <summary>The server that a shell command starts, such as a command that systemd prints; null if it is
    /// neither.</summary>
    /// <param name="text">The commands.</param>
    /// <param name="before">Variables that are already set.</param>
    public static ServerCommand? OfText(string text, IReadOnlyDictionary<string, string?>? before = null)
    {
        // Exports are not tracked: a value that is set anywhere before the server counts.
        Dictionary<string, string?> variables = before is null ? [] : new(before);
        foreach (List<string> command in ShellWords.CommandsOf(text))
        {
            int shell = command.FindIndex(word => Shells.Contains(NameOf(word)));
            string[] words =
                shell < 0
                    ? [.. command]
                    : [.. command.Take(shell), .. command.Skip(shell + 1).SkipWhile(word => word.StartsWith('-'))];
            if (OfWords(words, variables) is { } found)
                return found;
            if (words is ["unset", .. var names])
            {
                foreach (string name in names)
                    variables[name] = null;
            }
            // Also those before another command: they reach nothing else, so counting them does no harm.
            else
                foreach (string word in words)
                    ShellWords.TryAssign(word, variables);
        }
        return null;
    }

    // One word that is a whole command, as su -c, script -c and tmux take it.
    private static ServerCommand? OfInnerText(IReadOnlyList<string> words)
    {
        Dictionary<string, string?> before = [];
        foreach (string word in words)
        {
            if (word.Contains(' ', StringComparison.Ordinal) && OfText(word, before) is { } found)
                return found;
            ShellWords.TryAssign(word, before);
        }
        return null;
    }

    private static ServerCommand? OfWords(IReadOnlyList<string> words, IReadOnlyDictionary<string, string?> before)
    {
        for (int n = 0; n < words.Count; n++)
        {
            ServerKind? kind = NameOf(words[n]) switch
            {
                // "start" is another word for "serve".
                "ollama" when words.Count > n + 1 && words[n + 1] is "serve" or "start" => ServerKind.Ollama,
                // Not an argument of another program, such as "brew services start haproxy".
                "haproxy"
                    when n == 0
                        || words[n].StartsWith('/')
                        || words.Skip(n + 1).Any(word => word.StartsWith("-f", StringComparison.Ordinal)) =>
                    ServerKind.Haproxy,
                _ => null,
            };
            if (kind is not { } known)
                continue;
            Dictionary<string, string?> variables = new(before);
            bool isUnset = false;
            foreach (string word in words.Take(n))
            {
                // env -u NAME
                if (isUnset)
                    variables[word] = null;
                else
                    ShellWords.TryAssign(word, variables);
                isUnset = word is "-u";
            }
            return new ServerCommand(known) { Variables = variables, ConfigPath = ConfigOf([.. words.Skip(n + 1)]) };
        }
        return null;
    }

    private static string? ConfigOf(string[] arguments)
    {
        for (int n = 0; n < arguments.Length; n++)
        {
            if (arguments[n] == "-f")
                return n + 1 < arguments.Length ? arguments[n + 1] : null;
            if (arguments[n].StartsWith("-f", StringComparison.Ordinal))
                return arguments[n][2..];
        }
        return null;
    }

    private static ServerCommand? OfScript(string path, IReadOnlyDictionary<string, string?>? before = null)
    {
        if (!Path.IsPathRooted(path) || !SmallFile.TryRead(path, out string? text))
            return null;
        return OfText(text, before) is { } found ? found with { ScriptPath = path } : null;
    }

    private static string NameOf(string word) => word[(word.LastIndexOf('/') + 1)..];
}

/// <summary>The servers that matter to an installation.</summary>
internal enum ServerKind
{
    /// <summary><c>ollama serve</c>.</summary>
    Ollama,

    Haproxy,
}
