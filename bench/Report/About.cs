using System.Globalization;
using System.Runtime.InteropServices;
using FastGate.Bench.Children;

namespace FastGate.Bench.Report;

/// <summary>The conditions of a run: machine, versions, command line, commit.</summary>
internal static class About
{
    public static DateTimeOffset Today => DateTimeOffset.Now;

    /// <summary>Such as <c>2026-11-21-2-core-linux-x64</c>.</summary>
    public static string FolderName =>
        string.Create(
                CultureInfo.InvariantCulture,
                $"{Today:yyyy-MM-dd}-{Environment.ProcessorCount}-core-{System}-{RuntimeInformation.OSArchitecture}"
            )
            .ToLowerInvariant();

    /// <summary>A warning if the machine was busy before the run; null if it was idle, or where that is
    /// unknown.</summary>
    public static string? BusyBefore { get; } = Busy();

    public static IReadOnlyList<(string Name, string Value)> Facts()
    {
        List<(string, string)> facts =
        [
            ("date", Today.ToString("yyyy-MM-dd HH:mm K", CultureInfo.InvariantCulture)),
            ("processor", $"{Processor()}, {Environment.ProcessorCount} cores"),
            ("system", RuntimeInformation.OSDescription),
            ("runtime", RuntimeInformation.FrameworkDescription),
            ("commit", Commit()),
            ("command", $"dotnet run -c Release --project bench -- {string.Join(' ', Arguments)}"),
        ];
        if (BusyBefore is not null)
            facts.Add(("other load", BusyBefore));
        foreach (
            (string program, string[] arguments) in ((string, string[])[])
                [("haproxy", ["-v"]), ("nginx", ["-v"]), ("caddy", ["version"]), ("cc", ["--version"])]
        )
            if (Programs.Run(program, arguments) is { } version)
                facts.Add((program, version.Split('\n')[0]));
        return facts;
    }

    /// <summary>Returns the folder of the solution that this program was built from.</summary>
    public static string Root()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "FastGate.sln")))
                return at.FullName;
        throw new InvalidOperationException($"No FastGate.sln above {AppContext.BaseDirectory}");
    }

    // Where a program lies on this machine tells a reader nothing.
    private static IEnumerable<string> Arguments =>
        Environment
            .GetCommandLineArgs()
            .Skip(1)
            .Select(argument => string.Join(' ', argument.Split(' ').Select(WithoutFolder)));

    private static string WithoutFolder(string word) =>
        word.IndexOf('/') is >= 0 and var slash ? word[..slash] + Path.GetFileName(word) : word;

    private static string? Busy()
    {
        const string file = "/proc/loadavg";
        if (!File.Exists(file))
            return null;
        double load = double.Parse(File.ReadAllText(file).Split(' ')[0], CultureInfo.InvariantCulture);
        return load < Environment.ProcessorCount / 2.0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The machine was busy before the run (load {load:F1} on {Environment.ProcessorCount} cores), "
                    + $"which raises the high percentiles."
            );
    }

    private static string System =>
        OperatingSystem.IsMacOS() ? "macos"
        : OperatingSystem.IsWindows() ? "windows"
        : "linux";

    private static string Processor()
    {
        const string file = "/proc/cpuinfo";
        string? line = File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':') + 1)..].Trim()
            ?? Programs.Run("sysctl", "-n", "machdep.cpu.brand_string")
            ?? "unknown";
    }

    private static string Commit()
    {
        if (Programs.Run("git", "-C", Root(), "rev-parse", "--short", "HEAD") is not { } commit)
            return "unknown";
        return Programs.Run("git", "-C", Root(), "status", "--porcelain", "-uno") is { Length: > 0 }
            ? $"{commit}, with changes"
            : commit;
    }
}
