using System.Text;

namespace FastGate.Test.Replay;

/// <summary>The recorded heads of <c>Corpus/captures</c>, grouped by the connection that they were sent on.</summary>
internal static class Captures
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Corpus", "captures");

    /// <summary>
    /// How many requests a client sent on its first connection (see README.md there); each later request had its own
    /// connection.
    /// </summary>
    private static readonly Dictionary<string, int> SharedFirst = new()
    {
        ["claude-code-2.1.329"] = 2,
        ["codex-0.169-oss"] = 3,
        ["sdks-js"] = int.MaxValue,
    };

    public static IEnumerable<Capture> All => Connections.SelectMany(connection => connection);

    public static IEnumerable<IReadOnlyList<Capture>> Connections =>
        Directory.GetDirectories(Folder).Order(StringComparer.Ordinal).SelectMany(ConnectionsOf);

    private static IEnumerable<IReadOnlyList<Capture>> ConnectionsOf(string folder)
    {
        var client = Path.GetFileName(folder);
        var captures = Directory
            .GetFiles(folder, "*.http")
            .Order(StringComparer.Ordinal)
            .Select(file => new Capture(
                $"{client}/{Path.GetFileNameWithoutExtension(file)}",
                File.ReadAllText(file, Encoding.Latin1)
            ))
            .ToArray();
        int shared = Math.Min(SharedFirst.GetValueOrDefault(client), captures.Length);
        if (shared > 0)
            yield return captures[..shared];
        foreach (var capture in captures[shared..])
            yield return [capture];
    }
}
