using System.Text.Json;
using System.Text.Json.Serialization;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Install;

/// <summary>The changes of an installation, in order, kept in a file. Each change is recorded before it is made, so
/// that an interrupted run can be undone too: undoing a change that was never made does nothing.</summary>
internal sealed class Journal
{
    private readonly string _path;
    private readonly List<Change> _changes;

    private Journal(string path, List<Change> changes) => (_path, _changes) = (path, changes);

    public IReadOnlyList<Change> Changes => _changes;

    /// <param name="path">The path of the journal.</param>
    /// <param name="isMac">Which system's changes are allowed; null for both.</param>
    /// <exception cref="InvalidDataException">The file exists but is invalid.</exception>
    public static Journal Read(string path, bool? isMac = null)
    {
        if (!File.Exists(path))
            return new Journal(path, []);
        return new Journal(path, JournalReader.Read(path, ReadFile(path), isMac));
    }

    /// <summary>The SHA-256 of what <c>install</c> wrote to a file; null if it did not write it.</summary>
    public string? HashOf(string file) =>
        _changes.LastOrDefault(change => change.Kind == ChangeKind.WroteFile && change.Path == file)?.Hash;

    /// <summary>Whether an installation has made this kind of change to this agent, unit or service.</summary>
    public bool Has(ChangeKind kind, string name) =>
        _changes.Any(change => change.Kind == kind && change.Name == name && !change.IsPassing);

    public void Add(Change change)
    {
        _changes.Add(change);
        Save();
    }

    public void Remove(Change change)
    {
        // The last of several equal ones, because changes are undone from the end.
        _changes.RemoveAt(_changes.LastIndexOf(change));
        Save();
    }

    /// <summary>Ends a successful run: its changes to an earlier installation become part of the
    /// installation.</summary>
    public void Commit()
    {
        Change[] before = [.. _changes];
        _changes.RemoveAll(change => change.IsPassing);
        foreach (
            IGrouping<string, Change> writes in _changes
                .Where(change => change.Kind == ChangeKind.WroteFile)
                .GroupBy(change => change.Path)
                .ToList()
        )
        {
            // Keeps the position of the first, which is the order to undo in, with the content of the last.
            _changes[_changes.IndexOf(writes.First())] = writes.Last();
            foreach (Change repeated in writes.Skip(1))
                _changes.RemoveAt(_changes.LastIndexOf(repeated));
        }
        // A second installation changes nothing, not even the journal.
        if (!_changes.SequenceEqual(before))
            Save();
    }

    /// <summary>Whether the journal lies in this folder or below it.</summary>
    public bool IsIn(string folder) => _path.StartsWith(folder + '/', StringComparison.Ordinal);

    /// <summary>Deletes the journal, once nothing is left to undo except the folders around it.</summary>
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
        // Until its folder exists, only folders can need undoing.
        if (!Directory.Exists(Path.GetDirectoryName(_path)))
            return;
        string temporary = _path + ".new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(_changes, JournalJson.Default.ListChange));
        File.Move(temporary, _path, overwrite: true);
    }
}

/// <summary>The JSON format of the journal, generated at build time.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault
)]
[JsonSerializable(typeof(List<Change>))]
internal sealed partial class JournalJson : JsonSerializerContext;

/// <summary>A change that was made to the machine, with what is needed to undo it.</summary>
internal sealed record Change
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required ChangeKind Kind { get; init; }

    /// <summary>The file or folder; for an agent its property list.</summary>
    public string Path { get; init; } = "";

    /// <summary>The path that a file was moved to.</summary>
    public string? Aside { get; init; }

    /// <summary>The SHA-256 of the written content.</summary>
    public string? Hash { get; init; }

    /// <summary>The label of an agent, or the name of a unit or service.</summary>
    public string? Name { get; init; }

    /// <summary>A change to an earlier installation of FastGate: undone if this run fails, dropped if it
    /// succeeds.</summary>
    public bool IsPassing { get; init; }
}

/// <summary>The kinds of changes and how each is undone.</summary>
internal enum ChangeKind
{
    /// <summary>Created a folder. Undo: delete it if it is empty.</summary>
    MadeFolder,

    /// <summary>Wrote a file. Undo: delete it if its content is unchanged.</summary>
    WroteFile,

    /// <summary>Moved an existing file aside. Undo: move it back.</summary>
    MovedFile,

    /// <summary>Created a folder for logs. Undo: delete the logs.</summary>
    OwnsLogs,

    /// <summary>Loaded an agent. Undo: unload it.</summary>
    LoadedAgent,

    /// <summary>Unloaded an agent. Undo: load it.</summary>
    UnloadedAgent,

    /// <summary>Stopped a Homebrew service. Undo: start it.</summary>
    StoppedBrew,

    /// <summary>Made systemd reload its units. Undo: reload them after the files are removed.</summary>
    ReloadedManager,

    /// <summary>Enabled and started a unit. Undo: disable and stop it.</summary>
    EnabledUnit,

    /// <summary>Stopped a unit. Undo: start it.</summary>
    StoppedUnit,

    /// <summary>Restarted a unit. Undo: stop it.</summary>
    StartedUnit,

    /// <summary>Enabled lingering. Undo: disable it.</summary>
    EnabledLinger,
}
