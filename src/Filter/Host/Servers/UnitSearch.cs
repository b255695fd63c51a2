using FastGate.Host.Systemd;

namespace FastGate.Host.Servers;

/// <summary>
/// Finds the units of the machine and of the user that start Ollama or HAProxy, and the variables that they receive:
/// from the manager, from <c>Environment=</c> with its drop-ins, and from <c>EnvironmentFile=</c>, which overrides it
/// (systemd.exec(5)). Changes nothing.
/// </summary>
internal sealed class UnitSearch(Systemctl systemctl)
{
    private const string Properties =
        "Id,ActiveState,FragmentPath,DropInPaths,ExecStart,Environment,EnvironmentFiles,UnsetEnvironment";

    private static readonly string[] Names = [OllamaHost.Variable, OllamaCloud.Variable];

    public async Task<IReadOnlyList<ServerUnit>> FindAsync() =>
        [.. await FindAsync(ofSystem: true), .. await FindAsync(ofSystem: false)];

    private async Task<IReadOnlyList<ServerUnit>> FindAsync(bool ofSystem)
    {
        string printed = await systemctl.ShowServicesAsync(Properties, ofSystem);
        List<ServerUnit> units = [];
        foreach (string block in printed.ReplaceLineEndings("\n").Split("\n\n"))
        {
            ILookup<string, string> lines = block
                .Split('\n')
                .Where(line => line.Contains('=', StringComparison.Ordinal))
                .ToLookup(
                    line => line[..line.IndexOf('=', StringComparison.Ordinal)],
                    line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]
                );
            if (lines["ExecStart"].Select(CommandOf).FirstOrDefault(command => command is not null) is not { } found)
                continue;
            string manager = await systemctl.ManagerVariablesAsync(ofSystem);
            units.Add(Unit(found, lines, manager, ofSystem));
        }
        return units;
    }

    // { path=/bin/sh ; argv[]=/bin/sh -c exec ollama serve ; ignore_errors=no ; start_time=… }, with the quotes gone.
    private static ServerCommand? CommandOf(string line)
    {
        const string Begin = "argv[]=";
        int from = line.IndexOf(Begin, StringComparison.Ordinal);
        if (from < 0)
            return null;
        int to = line.IndexOf(" ; ignore_errors=", from, StringComparison.Ordinal);
        string text = line[(from + Begin.Length)..(to < 0 ? line.Length : to)];
        return ServerCommand.OfText(text) ?? ServerCommand.Of(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static ServerUnit Unit(ServerCommand command, ILookup<string, string> lines, string manager, bool ofSystem)
    {
        Dictionary<string, (string Value, string Source)> variables = [];
        List<string> unread = [];
        string[] files =
        [
            .. lines["FragmentPath"]
                .Concat(lines["DropInPaths"].SelectMany(paths => paths.Split(' ')))
                .Where(path => path.Length > 0),
        ];
        // systemd does not show which drop-in it was.
        Add(Words(manager), "the manager's environment", variables);
        Add(lines["Environment"].SelectMany(Words), files.LastOrDefault() ?? "its unit file", variables);
        foreach (string path in lines["EnvironmentFiles"].Select(PathOf).Where(path => path.Length > 0))
        {
            if (SmallFile.TryRead(path, out string? text))
                Add(
                    text.Split('\n').SelectMany(line => Words(line.TrimStart().StartsWith(';') ? "" : line)),
                    path,
                    variables
                );
            else if (File.Exists(path) || path.Contains('*', StringComparison.Ordinal))
                unread.Add(path);
        }
        foreach (string name in lines["UnsetEnvironment"].SelectMany(Words))
            variables.Remove(name);
        return new ServerUnit
        {
            Command = command,
            Name = lines["Id"].FirstOrDefault() ?? "a unit",
            IsSystemWide = ofSystem,
            IsActive = lines["ActiveState"].FirstOrDefault() is "active" or "activating" or "reloading",
            Files = files,
            Variables = variables,
            Unread = unread,
        };
    }

    private static void Add(
        IEnumerable<string> words,
        string source,
        Dictionary<string, (string Value, string Source)> variables
    )
    {
        foreach (string word in words)
        {
            if (Names.FirstOrDefault(name => word.StartsWith($"{name}=", StringComparison.Ordinal)) is { } name)
                variables[name] = (word[(name.Length + 1)..], source);
        }
    }

    private static IEnumerable<string> Words(string text) => ShellWords.CommandsOf(text).SelectMany(command => command);

    // /etc/default/ollama (ignore_errors=yes)
    private static string PathOf(string line)
    {
        int end = line.LastIndexOf(" (ignore_errors=", StringComparison.Ordinal);
        return end < 0 ? line : line[..end];
    }
}
