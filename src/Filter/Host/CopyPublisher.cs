namespace FastGate.Host;

/// <summary>Installs the running program itself: a copy of it if it is a single file, or the command of a dotnet tool
/// where it is.</summary>
/// <remarks>
/// A tool that needs the installed .NET consists of a folder and a command that finds it by a relative path, so that
/// neither works as a copy of one file; and <c>dotnet tool update</c> replaces both. A tool of native code is a single
/// file.
/// </remarks>
/// <param name="program">The path of the running program; null if it is unknown.</param>
/// <param name="baseDirectory">The folder of its assemblies.</param>
internal sealed class CopyPublisher(string? program, string baseDirectory) : IPublisher
{
    // dotnet tool install: DIRECTORY/fastgate, and DIRECTORY/.store/fastgate/VERSION/… with the assemblies.
    private const string ToolStore = ".store";

    public string? InPlace =>
        !IsSingleFile
        && Path.GetDirectoryName(program) is { Length: > 0 } folder
        && baseDirectory.StartsWith(Path.Combine(folder, ToolStore) + '/', StringComparison.Ordinal)
            ? program
            : null;

    public Task<PublishPlan> PlanAsync() =>
        Task.FromResult(
            InPlace is null
                ? new PublishPlan([$"copy {program}"])
                : new PublishPlan(
                    [$"use {program}, which dotnet tool update replaces"],
                    SourceFingerprint.OfFolder(baseDirectory)
                )
        );

    public Task<PublishResult> PublishAsync(PublishPlan plan, string folder, Action<string> progress) =>
        Task.FromResult(
            InPlace is not null ? new PublishResult(program, NeedsDotnet: true, Note: "a dotnet tool")
            : program is not null && IsSingleFile ? new PublishResult(program)
            : new PublishResult(
                null,
                Problem: "this program is not a single file, and its source is not here: install it as a global tool "
                    + "(dotnet tool install --global fastgate), run install from the source, or publish the program "
                    + "with -p:PublishSingleFile=true"
            )
        );

    private bool IsSingleFile => !File.Exists(Path.Combine(baseDirectory, "fastgate.dll"));
}
