using FastGate.Host;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>The inverse of each kind of deed. Undoing what is not so any more does nothing; what its owner changed
/// stays.</summary>
internal sealed class Undo(HostEnvironment site, InstallPaths places)
{
    private static readonly string[] LogNames = ["fastgate.log", "ollama.log", "access.log"];

    private readonly AgentLoader _loader = new(new Launchctl(site.Runner, site.UserId), site.Time);
    private readonly Systemctl _systemctl = new(site.Runner, site.UserName);

    /// <summary>What would be done, in a line; empty for what is not worth one.</summary>
    public string Line(Change deed) =>
        deed.Kind switch
        {
            ChangeKind.MadeFolder => $"remove {places.Short(deed.Path)}/ if it is empty",
            ChangeKind.WroteFile => $"remove {places.Short(deed.Path)}",
            ChangeKind.MovedFile => $"put back {places.Short(deed.Path)} (from {places.Short(deed.Aside!)})",
            ChangeKind.OwnsLogs => $"remove the logs in {places.Short(deed.Path)}/",
            ChangeKind.LoadedAgent => $"unload {deed.Name}",
            ChangeKind.UnloadedAgent => $"load {deed.Name} again, as it was before",
            ChangeKind.StoppedBrew => $"brew services start {deed.Name}, as it was before",
            ChangeKind.ReloadedManager => Systemctl.Line("daemon-reload"),
            ChangeKind.EnabledUnit => Systemctl.Line("disable", "--now", deed.Name!),
            ChangeKind.StoppedUnit => Systemctl.Line("start", deed.Name!),
            ChangeKind.StartedUnit => Systemctl.Line("stop", deed.Name!),
            _ => Systemctl.LingerLine(on: false, site.UserName),
        };

    public async Task<UndoResult> RunAsync(Change deed)
    {
        try
        {
            return deed.Kind switch
            {
                ChangeKind.MadeFolder => RemoveFolder(deed),
                ChangeKind.WroteFile => RemoveFile(deed),
                ChangeKind.MovedFile => PutBack(deed),
                ChangeKind.OwnsLogs => RemoveLogs(deed),
                _ => Told(deed, await AskSystemAsync(deed)),
            };
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // A missing right, a full or a read-only disk: said, and the rest goes on.
            return new UndoResult($"{Line(deed)}: {refused.Message}", Failed: true);
        }
    }

    private async Task<StepResult> AskSystemAsync(Change deed)
    {
        switch (deed.Kind)
        {
            case ChangeKind.LoadedAgent:
                return await _loader.Unload(LabelOf(deed)).RunAsync();
            case ChangeKind.UnloadedAgent:
                return await _loader.Load(LabelOf(deed), deed.Path).RunAsync();
            case ChangeKind.StoppedBrew:
                return await Brew.RunAsync(site, "start", deed.Name!);
            case ChangeKind.ReloadedManager:
                return await _systemctl.RunAsync("daemon-reload");
            case ChangeKind.EnabledUnit:
                return await _systemctl.RunAsync("disable", "--now", deed.Name!);
            case ChangeKind.StoppedUnit:
                return await _systemctl.RunAsync("start", deed.Name!);
            case ChangeKind.StartedUnit:
                return await _systemctl.RunAsync("stop", deed.Name!);
            default:
                return await _systemctl.SetLingerAsync(false);
        }
    }

    private UndoResult Told(Change deed, StepResult result) =>
        result.Succeeded ? new UndoResult(Line(deed)) : new UndoResult($"{Line(deed)}: {result.Problem}", Failed: true);

    private UndoResult RemoveFolder(Change deed)
    {
        if (!Directory.Exists(deed.Path))
            return UndoResult.Nothing;
        if (Directory.EnumerateFileSystemEntries(deed.Path).Any())
            return new UndoResult($"kept {places.Short(deed.Path)}/: it is not empty");
        Directory.Delete(deed.Path);
        return new UndoResult($"removed {places.Short(deed.Path)}/");
    }

    private UndoResult RemoveFile(Change deed)
    {
        // Left by a run that was cut off.
        File.Delete(deed.Path + ".new");
        if (Disk.HashOf(deed.Path) is not { } hash)
            return UndoResult.Nothing;
        if (hash != deed.Hash)
            return new UndoResult($"kept {places.Short(deed.Path)}: it was changed since it was installed");
        File.Delete(deed.Path);
        return new UndoResult($"removed {places.Short(deed.Path)}");
    }

    private UndoResult PutBack(Change deed)
    {
        if (!File.Exists(deed.Aside))
            return UndoResult.Nothing;
        if (File.Exists(deed.Path))
            return new UndoResult(
                $"{places.Short(deed.Path)} is there again, so the one before it stays at {places.Short(deed.Aside)}",
                Failed: true
            );
        File.Move(deed.Aside, deed.Path);
        return new UndoResult($"put back {places.Short(deed.Path)}");
    }

    private UndoResult RemoveLogs(Change deed)
    {
        if (!Directory.Exists(deed.Path))
            return UndoResult.Nothing;
        // Rotated ones have a number behind the name, access.log a lock beside it, and a second gate's is access-2.log.
        string[] logs =
        [
            .. Directory
                .EnumerateFiles(deed.Path)
                .Where(file => LogNames.Any(name => IsLog(Path.GetFileName(file), name))),
        ];
        foreach (string log in logs)
            File.Delete(log);
        return logs.Length == 0
            ? UndoResult.Nothing
            : new UndoResult($"removed the logs in {places.Short(deed.Path)}/");
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

    private static AgentLabel LabelOf(Change deed) =>
        AgentLabel.TryParse(deed.Name ?? "", out AgentLabel? label, out string? problem)
            ? label
            : throw new IOException(problem);
}

/// <summary>What became of undoing a deed.</summary>
/// <param name="Message">One line for the owner; empty if there was nothing to do and nothing to say.</param>
/// <param name="Failed">It still stands.</param>
internal readonly record struct UndoResult(string Message, bool Failed = false)
{
    public static UndoResult Nothing => new("");
}
