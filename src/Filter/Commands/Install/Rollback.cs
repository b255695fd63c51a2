using FastGate.Host;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Undoes recorded changes from the last to the first. A change that cannot be undone stays in the journal,
/// and the rest is undone nonetheless.</summary>
internal sealed class Rollback(Journal journal, Undo undo)
{
    /// <param name="from">The index of the first change to undo; 0 undoes all of them.</param>
    public async IAsyncEnumerable<StepReport> RunAsync(int from)
    {
        foreach (Change change in journal.Changes.Skip(from).Reverse().ToList())
        {
            if (change.Kind == ChangeKind.MadeFolder && journal.IsIn(change.Path))
            {
                // The journal is deleted before its folder, and stays while any other change is left.
                if (journal.Changes.Any(other => other.Kind != ChangeKind.MadeFolder))
                    continue;
                journal.Delete();
            }
            UndoResult result = await undo.RunAsync(change);
            if (!result.Failed)
                journal.Remove(change);
            if (result.Message.Length > 0)
                yield return new StepReport(
                    result.Failed ? StepOutcome.UndoFailed : StepOutcome.Undone,
                    result.Message
                );
        }
        if (journal.Changes.Count == 0)
            journal.Delete();
    }
}

/// <summary>Undoes one change of each kind. Undoing a change that was already reverted does nothing; files that the
/// user edited are kept.</summary>
internal sealed class Undo(HostEnvironment environment, InstallPaths paths)
{
    private static readonly string[] LogNames = ["fastgate.log", "ollama.log", "access.log", "warm.log"];

    private readonly AgentLoader _loader = new(new Launchctl(environment.Runner, environment.UserId), environment.Time);
    private readonly Systemctl _systemctl = new(environment.Runner, environment.UserName);

    /// <summary>One line that describes how a change is undone.</summary>
    public string Line(Change change) =>
        change.Kind switch
        {
            ChangeKind.MadeFolder => $"remove {paths.Short(change.Path)}/, only if empty",
            ChangeKind.WroteFile => $"remove {paths.Short(change.Path)}, only if unchanged",
            ChangeKind.MovedFile => $"restore {paths.Short(change.Path)} (from {paths.Short(change.Aside!)})",
            ChangeKind.OwnsLogs => $"remove the logs in {paths.Short(change.Path)}/",
            ChangeKind.LoadedAgent => $"unload {change.Name}",
            ChangeKind.UnloadedAgent => $"load {change.Name} again",
            ChangeKind.StoppedBrew => $"brew services start {change.Name}",
            ChangeKind.ReloadedManager => Systemctl.Line("daemon-reload"),
            ChangeKind.EnabledUnit => Systemctl.Line("disable", "--now", change.Name!),
            ChangeKind.StoppedUnit => Systemctl.Line("start", change.Name!),
            ChangeKind.StartedUnit => Systemctl.Line("stop", change.Name!),
            _ => Systemctl.LingerLine(on: false, environment.UserName),
        };

    public async Task<UndoResult> RunAsync(Change change)
    {
        try
        {
            return change.Kind switch
            {
                ChangeKind.MadeFolder => RemoveFolder(change),
                ChangeKind.WroteFile => RemoveFile(change),
                ChangeKind.MovedFile => RestoreFile(change),
                ChangeKind.OwnsLogs => RemoveLogs(change),
                _ => ToResult(change, await RunSystemAsync(change)),
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Permission denied, or a full or read-only disk: reported, and the remaining changes are still undone.
            return new UndoResult($"{Line(change)}: {exception.Message}", Failed: true);
        }
    }

    private async Task<StepResult> RunSystemAsync(Change change)
    {
        switch (change.Kind)
        {
            case ChangeKind.LoadedAgent:
                return await _loader.Unload(LabelOf(change)).RunAsync();
            case ChangeKind.UnloadedAgent:
                return await _loader.Load(LabelOf(change), change.Path).RunAsync();
            case ChangeKind.StoppedBrew:
                return await Brew.RunAsync(environment, "start", change.Name!);
            case ChangeKind.ReloadedManager:
                return await _systemctl.RunAsync("daemon-reload");
            case ChangeKind.EnabledUnit:
                return await _systemctl.RunAsync("disable", "--now", change.Name!);
            case ChangeKind.StoppedUnit:
                return await _systemctl.RunAsync("start", change.Name!);
            case ChangeKind.StartedUnit:
                return await _systemctl.RunAsync("stop", change.Name!);
            default:
                return await _systemctl.SetLingerAsync(false);
        }
    }

    private UndoResult ToResult(Change change, StepResult result) =>
        result.Succeeded
            ? new UndoResult(Line(change))
            : new UndoResult($"{Line(change)}: {result.Problem}", Failed: true);

    private UndoResult RemoveFolder(Change change)
    {
        if (!Directory.Exists(change.Path))
            return UndoResult.Nothing;
        if (Directory.EnumerateFileSystemEntries(change.Path).Any())
            return new UndoResult($"left in place: {paths.Short(change.Path)}/ (not empty)");
        Directory.Delete(change.Path);
        return new UndoResult($"removed {paths.Short(change.Path)}/");
    }

    private UndoResult RemoveFile(Change change)
    {
        // Left behind by an interrupted run.
        File.Delete(change.Path + ".new");
        if (Disk.HashOf(change.Path) is not { } hash)
            return UndoResult.Nothing;
        if (hash != change.Hash)
            return new UndoResult($"left in place: {paths.Short(change.Path)} (changed since it was installed)");
        File.Delete(change.Path);
        return new UndoResult($"removed {paths.Short(change.Path)}");
    }

    private UndoResult RestoreFile(Change change)
    {
        if (!File.Exists(change.Aside))
            return UndoResult.Nothing;
        if (File.Exists(change.Path))
            return new UndoResult(
                $"cannot restore {paths.Short(change.Path)}: another file exists there; "
                    + $"the original is at {paths.Short(change.Aside)}",
                Failed: true
            );
        File.Move(change.Aside, change.Path);
        return new UndoResult($"restored {paths.Short(change.Path)}");
    }

    private UndoResult RemoveLogs(Change change)
    {
        if (!Directory.Exists(change.Path))
            return UndoResult.Nothing;
        // Rotated logs end in a number, access.log has a lock file beside it, and a second gate writes access-2.log.
        string[] logs =
        [
            .. Directory
                .EnumerateFiles(change.Path)
                .Where(file => LogNames.Any(name => IsLog(Path.GetFileName(file), name))),
        ];
        foreach (string log in logs)
            File.Delete(log);
        // The folder of the gate's sockets stays if two gates had sockets there at once, as during a restart.
        string sockets = Path.Combine(change.Path, "run");
        if (Directory.Exists(sockets) && !Directory.EnumerateFileSystemEntries(sockets).Any())
            Directory.Delete(sockets);
        return logs.Length == 0
            ? UndoResult.Nothing
            : new UndoResult($"removed the logs in {paths.Short(change.Path)}/");
    }

    private static bool IsLog(string file, string name)
    {
        string stem = Path.GetFileNameWithoutExtension(name);
        if (!file.StartsWith(stem, StringComparison.Ordinal))
            return false;
        ReadOnlySpan<char> rest = file.AsSpan(stem.Length);
        if (rest.StartsWith("-"))
            rest = rest[1..].TrimStart("0123456789");
        if (!rest.StartsWith(".log"))
            return false;
        rest = rest[".log".Length..];
        return rest is "" or ".lock" || (rest.StartsWith(".") && rest[1..].IndexOfAnyExceptInRange('0', '9') < 0);
    }

    private static AgentLabel LabelOf(Change change) =>
        AgentLabel.TryParse(change.Name ?? "", out AgentLabel? label, out string? problem)
            ? label
            : throw new IOException(problem);
}

/// <summary>The result of undoing a change.</summary>
/// <param name="Message">One line for the user; empty if there was nothing to do.</param>
/// <param name="Failed">The change is still in effect.</param>
internal readonly record struct UndoResult(string Message, bool Failed = false)
{
    public static UndoResult Nothing => new("");
}
