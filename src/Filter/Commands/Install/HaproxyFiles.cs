using FastGate.Proxy.Transport;

namespace FastGate.Commands.Install;

/// <summary>The files of a configuration, as HAProxy finds them by its arguments.</summary>
internal static class HaproxyFiles
{
    private const int BytesMax = 4 * 1024 * 1024;

    /// <summary>The files behind <c>-f</c> and <c>--</c>, those of a folder in its order; empty if there are
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

    /// <summary>What a configuration depends on beside its text.</summary>
    /// <param name="folder">Where relative paths in it begin.</param>
    /// <param name="variable">The environment of HAProxy's agent.</param>
    public static HaproxyContext Context(string folder, Func<string, string?> variable) =>
        new() { Variable = variable, File = path => TextOf(Path.Combine(folder, path)) };

    /// <summary>The text of a regular file of a usual size; null if it cannot be read.</summary>
    public static string? TextOf(string path)
    {
        try
        {
            if (RegularFile.Read(path, BytesMax) is not { } bytes)
                return null;
            using StreamReader reader = new(new MemoryStream(bytes));
            return reader.ReadToEnd();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Another user's, or gone meanwhile: the caller says that it is unknown.
            return null;
        }
    }

    private static IEnumerable<string> Expand(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.cfg").Order(StringComparer.Ordinal) : [path];
}
