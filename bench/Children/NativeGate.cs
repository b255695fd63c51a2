using System.Diagnostics;
using FastGate.Bench.Report;
using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Bench.Children;

/// <summary>The program that is measured, and what it is.</summary>
/// <param name="Native">Path of the native program; null when the build for the JIT is measured.</param>
/// <param name="Description">What it is, for the record.</param>
internal sealed record MeasuredProgram(string? Native, string Description);

/// <summary>
/// Publishes FastGate as native code, which is what <c>install</c> installs. The program stays in bench's output until
/// its source changes.
/// </summary>
internal sealed class NativeGate(Screen screen)
{
    private const string Name = "fastgate";

    private static string Project => Path.Combine(About.Root(), "src", "Filter", "Filter.csproj");

    private static string Folder => Path.Combine(About.Root(), "bench", "bin", "native");

    /// <param name="given">A native program to measure instead; null to publish one.</param>
    public MeasuredProgram Find(string? given)
    {
        if (given is not null)
            return Described(given, "given by --native");
        string sdk = Programs.Run(Programs.Host, "--version") ?? "";
        if (SourceFingerprint.OfProject(Project, RuntimeName.Portable, sdk) is not { } fingerprint)
            return Jit("its source cannot be read");
        string folder = Path.Combine(Folder, fingerprint);
        string program = Path.Combine(folder, Name);
        return !File.Exists(program) && Publish(folder) is { } problem
            ? Jit(problem)
            : Described(program, "published from this source");
    }

    private static MeasuredProgram Jit(string problem) =>
        new(null, $"the build for the JIT; native code could not be published here: {problem}");

    private static MeasuredProgram Described(string program, string origin) =>
        new(
            Path.GetFullPath(program),
            $"native code for {RuntimeName.Portable}, {Figure.Of(new FileInfo(program).Length / 1e6)} MB, {origin}"
        );

    /// <returns>Null, or why there is no program.</returns>
    private string? Publish(string folder)
    {
        NativeTools tools = new(
            new CommandRunner(Environment.GetEnvironmentVariable("PATH") ?? ""),
            OperatingSystem.IsMacOS()
        );
        if (tools.FindObstacleAsync().GetAwaiter().GetResult() is { } obstacle)
            return obstacle.Command is { } command ? $"{obstacle.Reason}: {command}" : obstacle.Reason;
        string build = ChildProcesses.NewFolder();
        long began = Stopwatch.GetTimestamp();
        using var publish = Child.Start(
            Programs.Host,
            SourcePublisher.NativeCommand(Project, RuntimeName.Portable, build)
        );
        (int code, string[] lines) = publish.AwaitExit(() =>
            screen.Progress("publishing FastGate as native code", Stopwatch.GetElapsedTime(began).Seconds, 60)
        );
        string published = Path.Combine(build, Name);
        if (code != 0 || !File.Exists(published))
            return lines.FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))?.Trim()
                ?? $"dotnet publish ended with {code}";
        // Those of older sources are not needed any more.
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        Directory.CreateDirectory(folder);
        File.Copy(published, Path.Combine(folder, Name));
        screen.Note(
            $"Published FastGate as native code in {TextFormat.Count((long)Stopwatch.GetElapsedTime(began).TotalSeconds, "second")}."
        );
        return null;
    }
}
