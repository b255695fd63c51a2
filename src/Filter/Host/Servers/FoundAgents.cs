namespace FastGate.Host.Servers;

/// <summary>What a search for agents has found.</summary>
/// <param name="Servers">Those that start Ollama or HAProxy; the user's own first.</param>
/// <param name="Unread">Property lists that could not be read: what they start was not seen.</param>
/// <param name="Session">Variables of the login session that Ollama reads.</param>
internal sealed record FoundAgents(
    IReadOnlyList<ServerAgent> Servers,
    IReadOnlyList<UnreadList> Unread,
    IReadOnlyDictionary<string, string> Session
)
{
    public static FoundAgents None { get; } = new([], [], new Dictionary<string, string>());

    public IReadOnlyList<ServerAgent> Ollamas => [.. Servers.Where(server => server.Command.Kind == ServerKind.Ollama)];

    /// <summary>What is loaded first: that is what runs.</summary>
    public IReadOnlyList<ServerAgent> Haproxies =>
        [
            .. Servers
                .Where(server => server.Command.Kind == ServerKind.Haproxy)
                .OrderBy(server => server.IsLoaded == true ? 0 : 1),
        ];

    /// <summary>Property lists that are Ollama's by their name.</summary>
    public IReadOnlyList<UnreadList> UnreadOllamas =>
        [.. Unread.Where(list => Path.GetFileName(list.Path).Contains("ollama", StringComparison.OrdinalIgnoreCase))];
}

/// <summary>A property list, or a folder of them, that could not be read.</summary>
internal readonly record struct UnreadList(string Path, string Problem);
