using FastGate.Launchd;

namespace FastGate.Host;

/// <summary>Publishes the program from its source, as one file that needs nothing else, if the packages for that can be
/// had.</summary>
/// <param name="project">The project file.</param>
/// <param name="runtime">The runtime identifier of this machine: <c>osx-arm64</c>.</param>
/// <param name="runner">Runs dotnet.</param>
internal sealed class SourcePublisher(string project, string runtime, ICommandRunner runner) : IPublisher
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    // Build servers would stay behind with this program's output open. The analyzers have had their say before.
    private static readonly string[] Always =
    [
        "-p:PublishSingleFile=true",
        "-p:DebugType=none",
        "-p:RunAnalyzers=false",
        "-p:UseSharedCompilation=false",
        "-nodeReuse:false",
    ];

    public string Line => $"dotnet publish {project} -c Release -r {runtime}, as one file with .NET in it";

    public async Task<Published> PublishAsync(string folder)
    {
        CommandResult whole = await RunAsync(folder, "--self-contained", "true", "-p:PublishReadyToRun=true");
        if (Found(folder) is { } program && whole.Succeeded)
            return new Published(program);
        // Without a way to a package registry the runtime's own package may be missing; the installed .NET will do.
        CommandResult slim = await RunAsync(folder, "--self-contained", "false");
        return Found(folder) is { } smaller && slim.Succeeded
            ? new Published(smaller, NeedsDotnet: true)
            : new Published(null, Problem: $"dotnet publish: {ErrorOf(slim)}");
    }

    // Built from scratch beside the output, not among what other builds left in the source tree: with their debug
    // information in it, the same source came to another program, and a second install replaced the first.
    private Task<CommandResult> RunAsync(string folder, params string[] how) =>
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
                .. how,
                .. Always,
            ],
            Longest
        );

    private static string? Found(string folder) =>
        Path.Combine(folder, "fastgate") is var path && File.Exists(path) ? path : null;

    // MSBuild writes its errors to standard output, and a summary after them.
    private static string ErrorOf(CommandResult result) =>
        result.Output.Split('\n').FirstOrDefault(line => line.Contains(": error ", StringComparison.Ordinal))?.Trim()
        ?? result.Description;
}
