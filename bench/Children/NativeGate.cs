using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FastGate.Bench.Report;
using FastGate.Commands.Shared;

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

    // What changes the program: its source, and the files above that its build reads.
    private static readonly string[] BuildFiles = ["Directory.Build.props", "Directory.Packages.props", "global.json"];
    private static readonly string[] SourceKinds = [".cs", ".csproj", ".json", ".props", ".rd.xml", ".mibc"];

    private static string Folder => Path.Combine(About.Root(), "bench", "bin", "native");

    private static string Runtime =>
        $"{(OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.OSArchitecture}".ToLowerInvariant();

    /// <param name="given">A native program to measure instead; null to publish one.</param>
    public MeasuredProgram Find(string? given)
    {
        if (given is not null)
            return Described(given, "given by --native");
        string folder = Path.Combine(Folder, Fingerprint());
        string program = Path.Combine(folder, Name);
        if (!File.Exists(program) && Publish(folder) is { } problem)
        {
            return new MeasuredProgram(
                null,
                $"the build for the JIT; native code could not be published here: {problem}"
            );
        }
        return Described(program, "published from this source");
    }

    private static MeasuredProgram Described(string program, string origin) =>
        new(
            Path.GetFullPath(program),
            $"native code for {Runtime}, {Figure.Of(new FileInfo(program).Length / 1e6)} MB, {origin}"
        );

    // One fingerprint for equal builds: of names and content, not of times.
    private static string Fingerprint()
    {
        string root = About.Root();
        IEnumerable<string> source = Directory
            .EnumerateFiles(Path.Combine(root, "src"), "*", SearchOption.AllDirectories)
            .Where(path => SourceKinds.Any(kind => path.EndsWith(kind, StringComparison.Ordinal)))
            .Select(path => Path.GetRelativePath(root, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Concat(BuildFiles)
            .Order(StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Runtime} {Programs.Run(Programs.Host, "--version")}"));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join(' ', Arguments(""))));
        foreach (string path in source)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{path}\n"));
            hash.AppendData(File.ReadAllBytes(Path.Combine(root, path)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 10));
    }

    /// <returns>Null, or why there is no program.</returns>
    private string? Publish(string folder)
    {
        if (Programs.Find("clang") is null)
            return OperatingSystem.IsMacOS()
                ? "no clang: run xcode-select --install"
                : "no clang: install the packages clang and zlib1g-dev";
        string build = ChildProcesses.NewFolder();
        long began = Stopwatch.GetTimestamp();
        using var publish = Child.Start(Programs.Host, Arguments(build));
        (int code, string[] lines) = publish.AwaitExit(() =>
            screen.Progress("publishing FastGate as native code", Stopwatch.GetElapsedTime(began).Seconds, 60)
        );
        string published = Path.Combine(build, "out", Name);
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

    // As in .ci/run. No build server, which would outlive the run and keep its output open.
    private static string[] Arguments(string build) =>
        [
            "publish",
            Path.Combine(About.Root(), "src", "Filter"),
            "-c",
            "Release",
            "-r",
            Runtime,
            "-p:PublishAot=true",
            "-p:RunAnalyzers=false",
            "-p:UseSharedCompilation=false",
            "-nodeReuse:false",
            "--artifacts-path",
            Path.Combine(build, "build"),
            "-o",
            Path.Combine(build, "out"),
        ];
}
