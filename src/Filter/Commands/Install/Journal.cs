using System.Text.Json;
using System.Text.Json.Serialization;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Install;

/// <summary>
/// All changes of an installation in their order, kept in a file. A change is written down before it is done, so that also
/// a run that was cut off can be undone; undoing what was never done does nothing.
/// </summary>
internal sealed class Journal
{
    private readonly string _path;
    private readonly List<Change> _changes;

    private Journal(string path, List<Change> changes) => (_path, _changes) = (path, changes);

    public IReadOnlyList<Change> Changes => _changes;

    /// <param name="path">Where it lies.</param>
    /// <param name="isMac">Which system's changes may be in it; null for both.</param>
    /// <exception cref="InvalidDataException">There is a file, but it cannot be understood.</exception>
    public static Journal Read(string path, bool? isMac = null)
    {
        if (!File.Exists(path))
            return new Journal(path, []);
        return new Journal(path, JournalReader.Read(path, ReadFile(path), isMac));
    }

    /// <summary>What was written there by an installation; null if none was.</summary>
    public string? HashOf(string file) =>
        _changes.LastOrDefault(change => change.Kind == ChangeKind.WroteFile && change.Path == file)?.Hash;

    /// <summary>An installation did the same to the same thing.</summary>
    public bool Has(ChangeKind kind, string name) =>
        _changes.Any(change => change.Kind == kind && change.Name == name && !change.IsPassing);

    public void Add(Change change)
    {
        _changes.Add(change);
        Save();
    }

    public void Remove(Change change)
    {
        // The last of several alike: changes are undone from the end.
        _changes.RemoveAt(_changes.LastIndexOf(change));
        Save();
    }

    /// <summary>A run has succeeded: what it did to an earlier installation is now a part of it.</summary>
    public void Commit()
    {
        Change[] before = [.. _changes];
        _changes.RemoveAll(change => change.IsPassing);
        foreach (
            IGrouping<string, Change> file in _changes
                .Where(change => change.Kind == ChangeKind.WroteFile)
                .GroupBy(change => change.Path)
                .ToList()
        )
        {
            // The place of the first, since that is the order to undo in, with what is there now.
            _changes[_changes.IndexOf(file.First())] = file.Last();
            foreach (Change again in file.Skip(1))
                _changes.RemoveAt(_changes.LastIndexOf(again));
        }
        // Who installs twice changes nothing the second time.
        if (!_changes.SequenceEqual(before))
            Save();
    }

    /// <summary>The folder is one that the journal lies in.</summary>
    public bool IsIn(string folder) => _path.StartsWith(folder + '/', StringComparison.Ordinal);

    /// <summary>Nothing is left to undo but the folders around the journal.</summary>
    public void Delete()
    {
        if (File.Exists(_path))
            File.Delete(_path);
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return RegularFile.ReadBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                $"{path} cannot be read: {exception.Message.TrimEnd('.')}. Nothing was changed.",
                exception
            );
        }
    }

    private void Save()
    {
        // Before its folder is there, there is nothing to undo but folders.
        if (!Directory.Exists(Path.GetDirectoryName(_path)))
            return;
        string next = _path + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(_changes, JournalJson.Default.ListChange));
        File.Move(next, _path, overwrite: true);
    }
}

/// <summary>The journal's form on disk, made at build time.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault
)]
[JsonSerializable(typeof(List<Change>))]
internal sealed partial class JournalJson : JsonSerializerContext;

/// <summary>Something that was done to the machine, with what it takes to undo it.</summary>
internal sealed record Change
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required ChangeKind Kind { get; init; }

    /// <summary>The file or folder; of an agent its property list.</summary>
    public string Path { get; init; } = "";

    /// <summary>Where a file was moved to.</summary>
    public string? Aside { get; init; }

    /// <summary>SHA-256 of what was written.</summary>
    public string? Hash { get; init; }

    /// <summary>The label of an agent, the name of a unit or of a service.</summary>
    public string? Name { get; init; }

    /// <summary>Done to what FastGate had installed before: undone if this run fails, forgotten when it
    /// succeeds.</summary>
    public bool IsPassing { get; init; }
}

/// <summary>The kinds of changes, each with its inverse.</summary>
internal enum ChangeKind
{
    /// <summary>A folder was made; the inverse deletes it if it is empty.</summary>
    MadeFolder,

    /// <summary>A file was written; the inverse deletes it if it is still as it was written.</summary>
    WroteFile,

    /// <summary>Somebody else's file was moved aside; the inverse moves it back.</summary>
    MovedFile,

    /// <summary>The gate writes logs into a folder that was made for them; the inverse deletes the logs.</summary>
    OwnsLogs,

    /// <summary>launchd keeps an agent; the inverse unloads it.</summary>
    LoadedAgent,

    /// <summary>launchd keeps an agent no more; the inverse loads it.</summary>
    UnloadedAgent,

    /// <summary>Homebrew's service was stopped; the inverse starts it.</summary>
    StoppedBrew,

    /// <summary>systemd is to look at its files; so does the inverse, when they are gone.</summary>
    ReloadedManager,

    /// <summary>A unit starts with the session, and was started; the inverse takes both back.</summary>
    EnabledUnit,

    /// <summary>A unit was stopped; the inverse starts it.</summary>
    StoppedUnit,

    /// <summary>A unit was started anew; the inverse stops it.</summary>
    StartedUnit,

    /// <summary>The user's units run without a session; the inverse ends that.</summary>
    EnabledLinger,
}
