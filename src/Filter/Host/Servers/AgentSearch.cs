using FastGate.Launchd;

namespace FastGate.Host.Servers;

/// <summary>
/// Finds what launchd starts as Ollama's server or as HAProxy, whatever its label: in the user's LaunchAgents and in
/// the system's LaunchAgents and LaunchDaemons. Changes nothing.
/// </summary>
internal sealed class AgentSearch(HostEnvironment site, InstallPaths places, Launchctl launchctl)
{
    // These are Ollama's or HAProxy's even where nobody understands how they start it.
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
        List<UnreadList> unread = [];
        foreach (string folder in (string[])[places.AgentFolder, .. site.SystemAgentFolders])
        {
            foreach (string path in FilesIn(folder, unread))
            {
                if (!WrittenAgent.TryReadFile(path, out WrittenAgent? agent, out string? problem))
                    unread.Add(new UnreadList(path, problem));
                else if (await AgentAsync(path, agent, folder, session) is { } server)
                    found.Add(server);
            }
        }
        return new FoundAgents(found, unread, session);
    }

    private async Task<ServerAgent?> AgentAsync(
        string path,
        WrittenAgent agent,
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
            IsSystems = folder != places.AgentFolder,
            IsDaemon = Path.GetFileName(folder) == "LaunchDaemons",
            Session = session,
        };
        if (server.Known is not { } known)
            return server;
        (AgentState? state, CommandResult result) = await launchctl.PrintAsync(known, ofSystem: server.IsDaemon);
        // Loaded from a file elsewhere, that one says how it runs, and a change of this one would change nothing.
        if (
            state?.PropertyListPath is { } loaded
            && loaded != path
            && WrittenAgent.TryReadFile(loaded, out WrittenAgent? other, out _)
            && CommandOf(label, other) is { } running
        )
        {
            string? at = Path.GetDirectoryName(loaded);
            bool isSystems = site.SystemAgentFolders.Contains(at);
            server = server with
            {
                Agent = other,
                Path = loaded,
                Command = running,
                IsSystems = isSystems,
                IsElsewhere = !isSystems && at != places.AgentFolder,
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

    private static ServerCommand? CommandOf(string label, WrittenAgent agent) =>
        ServerCommand.Of(agent.ProgramArguments)
        ?? ByName.Where(each => each.Label == label).Select(each => new ServerCommand(each.Kind)).FirstOrDefault();

    private static string[] FilesIn(string folder, List<UnreadList> unread)
    {
        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.EnumerateFiles(folder, "*.plist").Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            unread.Add(new UnreadList(folder, "this user may not read it"));
            return [];
        }
    }
}
