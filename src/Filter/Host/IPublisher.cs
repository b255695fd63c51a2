using FastGate.Launchd;

namespace FastGate.Host;

/// <summary>Creates the program to install.</summary>
internal interface IPublisher
{
    /// <summary>The line that the plan shows for it.</summary>
    string Line { get; }

    /// <summary>Creates the program in an empty folder; from source, this takes half a minute.</summary>
    Task<PublishResult> PublishAsync(string folder);
}

/// <summary>A program to install.</summary>
/// <param name="Path">The file; null if there is a problem.</param>
/// <param name="NeedsDotnet">Whether it needs an installed .NET.</param>
/// <param name="Problem">The reason when publishing failed.</param>
internal sealed record PublishResult(string? Path, bool NeedsDotnet = false, string? Problem = null);

/// <summary>Publishes the program from its source: as one file that contains .NET or, without the packages for that, as
/// one that needs it.</summary>
/// <param name="project">The project file.</param>
/// <param name="runtime">The runtime identifier of this machine, such as <c>osx-arm64</c>.</param>
/// <param name="runner">Runs dotnet.</param>
internal sealed class SourcePublisher(string project, string runtime, ICommandRunner runner) : IPublisher
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    // Build servers would keep this program's output open. The analyzers have run before.
    private static readonly string[] Always =
    [
        "-p:PublishSingleFile=true",
        "-p:DebugType=none",
        "-p:RunAnalyzers=false",
        "-p:UseSharedCompilation=false",
        "-nodeReuse:false",
    ];

    public string Line => $"dotnet publish {project} -c Release -r {runtime}, as one self-contained file";

    public async Task<PublishResult> PublishAsync(string folder)
    {
        CommandResult whole = await RunAsync(folder, "--self-contained", "true", "-p:PublishReadyToRun=true");
        if (Found(folder) is { } program && whole.Succeeded)
            return new PublishResult(program);
        // Without access to a package registry, the package of the runtime may be missing; the installed .NET is
        // enough.
        CommandResult slim = await RunAsync(folder, "--self-contained", "false");
        return Found(folder) is { } smaller && slim.Succeeded
            ? new PublishResult(smaller, NeedsDotnet: true)
            : new PublishResult(null, Problem: $"dotnet publish: {ErrorOf(slim)}");
    }

    // Built from scratch beside the output. With what other builds left in the source tree, the same source once gave a
    // different program, and a second install replaced the first.
    private Task<CommandResult> RunAsync(string folder, params string[] options) =>
        runner.RunAsync(
            "dotnet",
            [
                "publish",
                project,
                "-c",
                "Release",
                "-r",
                runtime,
                "-o",
                folder,
                "--artifacts-path",
                Path.Combine(folder, "build"),
                .. options,
                .. Always,
            ],
            Timeout
        );

    private static string? Found(string folder) =>
        Path.Combine(folder, "fastgate") is var path && File.Exists(path) ? path : null;

    // MSBuild writes its errors to standard output, followed by a summary.
    private static string ErrorOf(CommandResult result) =>
        result.Output.Split('\n').FirstOrDefault(line => line.Contains(": error ", StringComparison.Ordinal))?.Trim()
        ?? result.Description;
}

/// <summary>Installs the running program itself, if it is a single file.</summary>
internal sealed class CopyPublisher(string? program, string baseDirectory) : IPublisher
{
    public string Line => $"copy {program}";

    public Task<PublishResult> PublishAsync(string folder)
    {
        // Not a single file: it needs the files beside it.
        if (program is null || File.Exists(Path.Combine(baseDirectory, "fastgate.dll")))
        {
            return Task.FromResult(
                new PublishResult(
                    null,
                    Problem: "this program is not a single file, and its source is not here: run install from the "
                        + "source, or publish the program with -p:PublishSingleFile=true"
                )
            );
        }
        return Task.FromResult(new PublishResult(program));
    }
}
