using System.Diagnostics;

namespace FastGate.Bench.Children;

/// <summary>Programs of this machine, and those of this project beside the running one.</summary>
internal static class Programs
{
    // Where servers are put that are not on an ordinary user's PATH.
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

    /// <summary>The host that runs a dll, and the dll: a build of this project needs nothing else.</summary>
    public static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Find("dotnet") ?? "dotnet";

    public static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    /// <summary>What a program says on either of its outputs, or null where it cannot run.</summary>
    public static string? Ask(string program, params string[] arguments)
    {
        if (Find(program) is not { } path)
            return null;
        ProcessStartInfo start = new(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        // Both are short: a line of version, a list of files.
        string said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said.Trim() : null;
    }
}
