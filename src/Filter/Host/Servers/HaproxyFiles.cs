using FastGate.Proxy.Transport;

namespace FastGate.Host.Servers;

/// <summary>The files of a configuration, found from HAProxy's arguments as HAProxy does.</summary>
internal static class HaproxyFiles
{
    private const int BytesMax = 4 * 1024 * 1024;

    /// <summary>The files after <c>-f</c> and <c>--</c>, those of a folder in HAProxy's order; empty if there are
    /// none.</summary>
    /// <param name="arguments">HAProxy's program and arguments.</param>
    public static IReadOnlyList<string> Named(IReadOnlyList<string> arguments)
    {
        List<string> named = [];
        for (int at = 1; at < arguments.Count; at++)
        {
            if (arguments[at] == "--")
            {
                named.AddRange(arguments.Skip(at + 1));
                break;
            }
            if (arguments[at] == "-f" && at + 1 < arguments.Count)
                named.Add(arguments[++at]);
        }
        return [.. named.Where(Path.IsPathRooted).SelectMany(Expand)];
    }

    /// <summary>The files that <c>-f</c> names; without any, the agent's own file or
    /// <c>~/.haproxy/haproxy.cfg</c>.</summary>
    public static IReadOnlyList<string> PathsOf(ServerAgent? haproxy, string home)
    {
        IReadOnlyList<string> named = Named(haproxy?.Agent.ProgramArguments ?? []);
        if (named.Count > 0)
            return named;
        return haproxy?.Command.ConfigPath is { } path && Path.IsPathRooted(path)
            ? [path]
            : [Path.Combine(home, ".haproxy/haproxy.cfg")];
    }

    /// <summary>Whether HAProxy runs in front of Ollama. Under a label other than
    /// <see cref="InstallPaths.HaproxyLabel"/>, its configuration has to mention Ollama.</summary>
    public static bool IsBeforeOllama(ServerAgent haproxy, string home) =>
        haproxy.Label == InstallPaths.HaproxyLabel.Name
        || PathsOf(haproxy, home)
            .Any(path =>
                TextOf(path) is { } text
                && (
                    text.Contains("11434", StringComparison.Ordinal)
                    || text.Contains("ollama", StringComparison.OrdinalIgnoreCase)
                )
            );

    /// <summary>The text of a regular file; null if it is too large or cannot be read.</summary>
    public static string? TextOf(string path)
    {
        try
        {
            if (RegularFile.Read(path, BytesMax) is not { } bytes)
                return null;
            using StreamReader reader = new(new MemoryStream(bytes));
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The file of another user, or one that was deleted: the caller reports that it is unknown.
            return null;
        }
    }

    private static IEnumerable<string> Expand(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.cfg").Order(StringComparer.Ordinal) : [path];
}
