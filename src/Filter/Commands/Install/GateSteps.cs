using System.Text;
using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>The steps that are the same on every system: the program, its config, its logs, and the files that say how
/// it is kept.</summary>
internal sealed class GateSteps(HostEnvironment site, InstallPaths places, MachineState findings, Disk disk)
{
    private Published? _made;
    private string? _madeHash;

    /// <summary>The program was made, and does not bring .NET.</summary>
    public bool NeedsDotnet => _made is { NeedsDotnet: true };

    /// <summary>The program was made, and is another than the installed one.</summary>
    public bool IsNewProgram => _madeHash is not null && Disk.HashOf(places.Program) != _madeHash;

    public Step Make() =>
        new(
            "make the program",
            [site.Publisher.Line],
            () => Task.FromResult(false),
            async () =>
            {
                disk.MakeFolder(places.DataFolder);
                if (Directory.Exists(places.Staging))
                    Directory.Delete(places.Staging, recursive: true);
                Directory.CreateDirectory(places.Staging);
                _made = await site.Publisher.PublishAsync(places.Staging);
                if (_made.Path is null)
                    return StepResult.Failed(_made.Problem!);
                _madeHash = Disk.HashOf(_made.Path);
                return StepResult.Done;
            }
        );

    public Step Put() =>
        new(
            $"put it at {places.Short(places.Program)}, if it is another than the one there",
            IsForeign(places.Program)
                ? [$"the file there is kept as {places.Short(Disk.AsideOf(places.Program))}"]
                : [],
            () => Task.FromResult(_madeHash is not null && !IsNewProgram),
            () => Do(() => disk.PutProgram(_made!.Path!, places.Program))
        );

    public Step Config()
    {
        string text = findings.New?.Text ?? "";
        return new Step(
            $"write {places.Short(places.Config)}, if there is none",
            Lines(text),
            () => Task.FromResult(File.Exists(places.Config)),
            () => Do(() => disk.Write(places.Config, Encoding.UTF8.GetBytes(text)))
        );
    }

    public Step Logs() =>
        new(
            $"make {places.Short(places.LogFolder)}/",
            [],
            () => Task.FromResult(Directory.Exists(places.LogFolder)),
            () =>
                Do(() =>
                {
                    disk.MakeFolder(places.LogFolder);
                    findings.Journal.Add(new Change { Kind = ChangeKind.OwnsLogs, Path = places.LogFolder });
                })
        );

    /// <summary>A file that says how a program is kept.</summary>
    /// <param name="path">Where.</param>
    /// <param name="text">Asked when the program has been made.</param>
    /// <param name="first">Done before it is written, such as another deed.</param>
    public Step Keep(string path, Func<string> text, Action? first = null)
    {
        List<string> details = [.. Lines(text())];
        if (IsForeign(path))
            details.Insert(0, $"the file there is kept as {places.Short(Disk.AsideOf(path))}");
        return new Step(
            $"write {places.Short(path)}",
            details,
            () => Task.FromResult(Is(path, text())),
            () =>
                Do(() =>
                {
                    if (IsEdited(path))
                        File.Copy(path, path + ".edited", overwrite: true);
                    first?.Invoke();
                    disk.Write(path, Encoding.UTF8.GetBytes(text()));
                })
        );
    }

    public static bool Is(string path, string text) =>
        Disk.HashOf(path) is { } hash && hash == Disk.HashOf(Encoding.UTF8.GetBytes(text));

    /// <summary>An installation wrote it, and it is not any more as it was written.</summary>
    public bool IsEdited(string path) =>
        findings.Journal.HashOf(path) is { } wrote && Disk.HashOf(path) is { } present && present != wrote;

    private bool IsForeign(string path) => File.Exists(path) && findings.Journal.HashOf(path) is null;

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    private static Task<StepResult> Do(Action what)
    {
        what();
        return Task.FromResult(StepResult.Done);
    }
}
