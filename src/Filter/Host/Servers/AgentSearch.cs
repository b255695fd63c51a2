using FastGate.Launchd;

namespace FastGate.Host.Servers;

/// <summary>
/// Finds the agents and daemons that start Ollama's server or HAProxy, whatever their labels: in the user's
/// LaunchAgents and in the system's LaunchAgents and LaunchDaemons. Changes nothing.
/// </summary>
internal sealed class AgentSearch(HostEnvironment environment, InstallPaths paths, Launchctl launchctl)
{
    // Known labels, for agents whose command line does not show what they start.
    private static readonly (string Label, ServerKind Kind)[] ByName =
    [
        (InstallPaths.OllamaLabel.Name, ServerKind.Ollama),
        (InstallPaths.BrewOllamaLabel.Name, ServerKind.Ollama),
        (InstallPaths.HaproxyLabel.Name, ServerKind.Haproxy),
        (InstallPaths.BrewHaproxyLabel.Name, ServerKind.Haproxy),
    ];

    public async Task<FoundAgents> FindAsync()
    {
        Dictionary<string, string> session = [];
        foreach (string name in (string[])[OllamaHost.Variable, OllamaCloud.Variable])
        {
            if (await launchctl.SessionVariableAsync(name) is { } value)
                session[name] = value;
        }
        List<ServerAgent> found = [];
        List<UnreadPropertyList> unread = [];
        foreach (string folder in (string[])[paths.AgentFolder, .. environment.SystemAgentFolders])
        {
            foreach (string path in FilesIn(folder, unread))
            {
                if (!AgentPropertyList.TryReadFile(path, out AgentPropertyList? agent, out string? problem))
                    unread.Add(new UnreadPropertyList(path, problem));
                else if (await AgentAsync(path, agent, folder, session) is { } server)
                    found.Add(server);
            }
        }
        return new FoundAgents(found, unread, session);
    }

    private async Task<ServerAgent?> AgentAsync(
        string path,
        AgentPropertyList agent,
        string folder,
        Dictionary<string, string> session
    )
    {
        string label = agent.Label ?? Path.GetFileNameWithoutExtension(path);
        if (CommandOf(label, agent) is not { } command)
            return null;
        ServerAgent server = new()
        {
            Command = command,
            Agent = agent,
            Path = path,
            Label = label,
            IsSystemWide = folder != paths.AgentFolder,
            IsDaemon = Path.GetFileName(folder) == "LaunchDaemons",
            Session = session,
        };
        if (server.Known is not { } known)
            return server;
        (AgentState? state, CommandResult result) = await launchctl.PrintAsync(known, ofSystem: server.IsDaemon);
        // launchd loaded the agent from another file, so a change to this one would have no effect.
        if (
            state?.PropertyListPath is { } loaded
            && loaded != path
            && AgentPropertyList.TryReadFile(loaded, out AgentPropertyList? other, out _)
            && CommandOf(label, other) is { } running
        )
        {
            string? loadedFolder = Path.GetDirectoryName(loaded);
            bool isSystemWide = environment.SystemAgentFolders.Contains(loadedFolder);
            server = server with
            {
                Agent = other,
                Path = loaded,
                Command = running,
                IsSystemWide = isSystemWide,
                IsElsewhere = !isSystemWide && loadedFolder != paths.AgentFolder,
            };
        }
        return server with
        {
            IsLoaded =
                state is not null ? true
                : LaunchctlError.MeansNotLoaded(result.ExitCode) ? false
                : null,
        };
    }

    private static ServerCommand? CommandOf(string label, AgentPropertyList agent) =>
        ServerCommand.Of(agent.ProgramArguments)
        ?? ByName.Where(item => item.Label == label).Select(item => new ServerCommand(item.Kind)).FirstOrDefault();

    private static string[] FilesIn(string folder, List<UnreadPropertyList> unread)
    {
        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.EnumerateFiles(folder, "*.plist").Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            unread.Add(new UnreadPropertyList(folder, "permission denied"));
            return [];
        }
    }
}

/// <summary>The result of a search for agents.</summary>
/// <param name="Servers">The agents and daemons that start Ollama or HAProxy; the user's own first.</param>
/// <param name="Unread">Property lists that could not be read; what they start is unknown.</param>
/// <param name="Session">Variables of the login session that Ollama reads.</param>
internal sealed record FoundAgents(
    IReadOnlyList<ServerAgent> Servers,
    IReadOnlyList<UnreadPropertyList> Unread,
    IReadOnlyDictionary<string, string> Session
)
{
    public static FoundAgents None { get; } = new([], [], new Dictionary<string, string>());

    public IReadOnlyList<ServerAgent> Ollamas => [.. Servers.Where(server => server.Command.Kind == ServerKind.Ollama)];

    /// <summary>The loaded ones first: they run.</summary>
    public IReadOnlyList<ServerAgent> Haproxies =>
        [
            .. Servers
                .Where(server => server.Command.Kind == ServerKind.Haproxy)
                .OrderBy(server => server.IsLoaded == true ? 0 : 1),
        ];

    /// <summary>Property lists whose name contains "ollama".</summary>
    public IReadOnlyList<UnreadPropertyList> UnreadOllamas =>
        [.. Unread.Where(list => Path.GetFileName(list.Path).Contains("ollama", StringComparison.OrdinalIgnoreCase))];
}

/// <summary>A property list, or a folder of them, that could not be read.</summary>
internal readonly record struct UnreadPropertyList(string Path, string Problem);
