using FastGate.Launchd;

namespace FastGate.Host;

/// <summary>Publishes the program from its source: as native code or, where that is not possible, as one file that
/// contains .NET or, without the packages for that, as one that needs it.</summary>
/// <param name="project">The project file.</param>
/// <param name="runtime">The runtime identifier of this machine, such as <c>osx-arm64</c>.</param>
/// <param name="version">The version of the source, with its commit: <c>doctor</c> compares it with the installed
/// program's.</param>
/// <param name="runner">Runs dotnet.</param>
/// <param name="tools">Finds out whether native code is possible.</param>
internal sealed class SourcePublisher(
    string project,
    string runtime,
    string version,
    CommandRunner runner,
    NativeTools tools
) : IPublisher
{
    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(60);

    // Build servers would keep this program's output open. The analyzers have run before.
    private static readonly string[] Always =
    [
        "-p:DebugType=none",
        "-p:RunAnalyzers=false",
        "-p:UseSharedCompilation=false",
        "-nodeReuse:false",
    ];

    private static readonly PublishKind[] Kinds =
    [
        new("native code", "native", ["-p:PublishAot=true"]),
        new(
            "self-contained, with .NET in it",
            "self-contained",
            ["--self-contained", "true", "-p:PublishSingleFile=true", "-p:PublishReadyToRun=true"]
        ),
        new(
            "dependent on the installed .NET",
            "framework-dependent",
            [
                "--self-contained",
                "false",
                "-p:PublishSingleFile=true",
                // Otherwise the SDK restores the runtime packages that this is meant to do without: for analyzers that
                // do not run, and for frameworks that a package might refer to.
                "-p:IsAotCompatible=false",
                "-p:EnableSingleFileAnalyzer=false",
                "-p:DisableTransitiveFrameworkReferenceDownloads=true",
            ]
        )
        {
            NeedsDotnet = true,
        },
    ];

    /// <summary>How long dotnet may write nothing. Compiling to native code is one silent minute on a fast machine, and
    /// many on a slow or busy one.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromMinutes(30);

    public string? InPlace => null;

    public async Task<PublishPlan> PlanAsync()
    {
        NativeObstacle? obstacle = await tools.FindObstacleAsync();
        CommandResult sdk = await runner.RunAsync("dotnet", ["--version"], VersionTimeout);
        PublishKind[] kinds = KindsWith(obstacle);
        string[] lines =
        [
            .. obstacle is null ? (string[])[] : [$"no native code: {obstacle.Reason}"],
            $"dotnet publish {project} -c Release -r {runtime} {string.Join(' ', kinds[0].Options)}",
            .. kinds.Skip(1).Select(kind => $"if that fails: {string.Join(' ', kind.Options)}"),
        ];
        return new PublishPlan(
            lines,
            SourceFingerprint.OfProject(project, kinds[0].Folder, runtime, version, sdk.Output.Trim()),
            obstacle
        );
    }

    public async Task<PublishResult> PublishAsync(PublishPlan plan, string folder, Action<string> progress)
    {
        List<string> reasons = plan.Obstacle is { } obstacle ? [$"no native code: {obstacle.Reason}"] : [];
        string error = "";
        foreach (PublishKind kind in KindsWith(plan.Obstacle))
        {
            // A folder each, so that nothing of a failed attempt is taken for the program.
            string output = Path.Combine(folder, kind.Folder);
            CommandResult result = await RunAsync(kind, output, progress);
            string program = Path.Combine(output, "fastgate");
            if (result.Succeeded && File.Exists(program))
                return new PublishResult(
                    program,
                    kind.NeedsDotnet,
                    Note: string.Join("; ", reasons.Prepend(kind.Description))
                );
            error = ErrorOf(result);
            reasons.Add($"{kind.Folder} failed: {error}");
        }
        return new PublishResult(null, Problem: $"dotnet publish: {error}");
    }

    /// <summary>The command line that publishes a project as native code; everything it writes is below
    /// <paramref name="output"/>.</summary>
    public static string[] NativeCommand(string project, string runtime, string output) =>
        Command(project, runtime, output, Kinds[0]);

    private Task<CommandResult> RunAsync(PublishKind kind, string output, Action<string> progress)
    {
        progress($"{kind.Folder}: restore packages and compile");
        return runner.FollowAsync(
            "dotnet",
            Command(project, runtime, output, kind),
            SilenceMax,
            line =>
            {
                // "Filter -> PATH", which MSBuild writes in every language once the assembly is compiled.
                if (
                    line.Contains("-> ", StringComparison.Ordinal)
                    && line.EndsWith("fastgate.dll", StringComparison.Ordinal)
                )
                    progress($"{kind.Folder}: generate the program");
            }
        );
    }

    // Built from scratch beside the output. With what other builds left in the source tree, the same source once gave a
    // different program, and a second install replaced the first.
    private static string[] Command(string project, string runtime, string output, PublishKind kind) =>
        [
            "publish",
            project,
            "-c",
            "Release",
            "-r",
            runtime,
            "-o",
            output,
            "--artifacts-path",
            Path.Combine(output, "build"),
            .. kind.Options,
            .. Always,
        ];

    private static PublishKind[] KindsWith(NativeObstacle? obstacle) => obstacle is null ? Kinds : Kinds[1..];

    // MSBuild writes its errors to standard output, followed by a summary.
    private static string ErrorOf(CommandResult result) =>
        result.Output.Split('\n').FirstOrDefault(line => line.Contains(": error ", StringComparison.Ordinal))?.Trim()
        ?? result.Description;

    /// <summary>A way to publish the program.</summary>
    /// <param name="Description">What the program is then.</param>
    /// <param name="Folder">A short name, also of the folder that it is published to.</param>
    /// <param name="Options">The options of <c>dotnet publish</c>.</param>
    private sealed record PublishKind(string Description, string Folder, string[] Options)
    {
        public bool NeedsDotnet { get; init; }
    }
}
