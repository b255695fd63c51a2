using FastGate.Proxy.Transport;

namespace FastGate.Config;

/// <summary>Turns a config file and command-line flags into a plan. Reads the file and the network interfaces, and
/// writes nothing.</summary>
internal static class ConfigLoader
{
    /// <param name="path">The config file.</param>
    /// <param name="flags">Members set on the command line, which override the file's.</param>
    /// <param name="machine">Where the gate is to run.</param>
    public static ConfigResult Load(ConfigPath path, GateFile flags, Machine machine)
    {
        List<Problem> problems = [];
        List<Problem> warnings = [];
        byte[]? text = ConfigFile.Read(path, problems);
        GateFile file = text is null ? new GateFile() : GateFileReader.Read(path.Path, text, problems);
        // Planned even after a problem, so that all problems are reported at once.
        GatePlan plan = new GatePlanner(machine, problems, warnings).Plan(file.OverriddenBy(flags));
        return new ConfigResult
        {
            Path = path,
            FileExists = text is not null,
            Plan = problems.Count == 0 ? plan : null,
            Problems = InOrder(problems),
            Warnings = InOrder(warnings),
        };
    }

    private static IReadOnlyList<Problem> InOrder(List<Problem> problems) =>
        [.. problems.OrderBy(problem => problem.Location.Line).ThenBy(problem => problem.Location.Column)];
}

/// <summary>The outcome of loading a config: a plan or problems, and warnings in either case.</summary>
internal sealed record ConfigResult
{
    /// <summary>The file that was read, or would have been.</summary>
    public required ConfigPath Path { get; init; }

    public required bool FileExists { get; init; }

    /// <summary>Null when there are problems.</summary>
    public GatePlan? Plan { get; init; }

    /// <summary>Every error, in the order of the file.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>What is allowed but probably not intended, in the order of the file.</summary>
    public required IReadOnlyList<Problem> Warnings { get; init; }
}

/// <summary>Reads the bytes of the config file.</summary>
internal static class ConfigFile
{
    /// <summary>The size limit; a config with 10,000 rules has half of this.</summary>
    public const int BytesMax = 1024 * 1024;

    /// <summary>Returns the file's content, or null when the file is missing or unreadable.</summary>
    /// <param name="path">The file. Unless it is named explicitly, it may be missing.</param>
    /// <param name="problems">Receives a problem when the file cannot be read.</param>
    public static byte[]? Read(ConfigPath path, List<Problem> problems)
    {
        SourceLocation location = new(path.Path);
        try
        {
            // Not File.OpenRead: a FIFO that appears for a moment would block a reload forever.
            if (RegularFile.Read(path.Path, BytesMax) is { } bytes)
                return bytes;
            problems.Add(
                new Problem(location, "the file is larger than 1 MiB, the limit for a config; use a smaller file")
            );
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            if (path.IsExplicit)
                problems.Add(
                    new Problem(location, "the file does not exist; create it, or specify another with --config")
                );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string reason =
                Directory.Exists(path.Path) ? "it is a directory"
                : exception.Message.EndsWith(RegularFile.NotRegular, StringComparison.Ordinal) ? RegularFile.NotRegular
                : exception.Message.TrimEnd('.');
            problems.Add(new Problem(location, $"the file cannot be read: {reason}"));
        }
        return null;
    }
}
