using System.Diagnostics;

namespace FastGate.Bench.Children;

/// <summary>Finds and runs programs of this machine and of this project's build.</summary>
internal static class Programs
{
    // Folders of servers that are not on an ordinary user's PATH.
    private static readonly string[] MoreFolders =
    [
        "/usr/sbin",
        "/usr/local/sbin",
        "/opt/homebrew/bin",
        "/usr/local/bin",
    ];

    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Concat(MoreFolders)
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name))
            .FirstOrDefault(File.Exists);

    /// <summary>The .NET host, which runs a dll of this project's build.</summary>
    public static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Find("dotnet") ?? "dotnet";

    public static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    /// <summary>Runs a program and returns its output; null if it is missing or fails.</summary>
    public static string? Run(string program, params string[] arguments)
    {
        if (Find(program) is not { } path)
            return null;
        ProcessStartInfo start = new(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        // Both are short, so that neither pipe fills up: a version, a list of files.
        string output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : null;
    }
}
