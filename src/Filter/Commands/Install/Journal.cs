using System.Text.Json;
using System.Text.Json.Serialization;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Install;

/// <summary>
/// All deeds of an installation in their order, kept in a file. A deed is written down before it is done, so that also
/// a run that was cut off can be undone; undoing what was never done does nothing.
/// </summary>
internal sealed class Journal
{
    private readonly string _path;
    private readonly List<Change> _deeds;

    private Journal(string path, List<Change> deeds) => (_path, _deeds) = (path, deeds);

    public IReadOnlyList<Change> Changes => _deeds;

    /// <param name="path">Where it lies.</param>
    /// <param name="isMac">Which system's deeds may be in it; null for both.</param>
    /// <exception cref="InvalidDataException">There is a file, but it cannot be understood.</exception>
    public static Journal Read(string path, bool? isMac = null)
    {
        if (!File.Exists(path))
            return new Journal(path, []);
        return new Journal(path, JournalReader.Read(path, ReadFile(path), isMac));
    }

    /// <summary>What was written there by an installation; null if none was.</summary>
    public string? HashOf(string file) =>
        _deeds.LastOrDefault(deed => deed.Kind == ChangeKind.WroteFile && deed.Path == file)?.Hash;

    /// <summary>An installation did the same to the same thing.</summary>
    public bool Has(ChangeKind kind, string name) =>
        _deeds.Any(deed => deed.Kind == kind && deed.Name == name && !deed.IsPassing);

    public void Add(Change deed)
    {
        _deeds.Add(deed);
        Save();
    }

    public void Remove(Change deed)
    {
        // The last of several alike: deeds are undone from the end.
        _deeds.RemoveAt(_deeds.LastIndexOf(deed));
        Save();
    }

    /// <summary>A run has succeeded: what it did to an earlier installation is now a part of it.</summary>
    public void Settle()
    {
        Change[] before = [.. _deeds];
        _deeds.RemoveAll(deed => deed.IsPassing);
        foreach (
            IGrouping<string, Change> file in _deeds
                .Where(deed => deed.Kind == ChangeKind.WroteFile)
                .GroupBy(deed => deed.Path)
                .ToList()
        )
        {
            // The place of the first, since that is the order to undo in, with what is there now.
            _deeds[_deeds.IndexOf(file.First())] = file.Last();
            foreach (Change again in file.Skip(1))
                _deeds.RemoveAt(_deeds.LastIndexOf(again));
        }
        // Who installs twice changes nothing the second time.
        if (!_deeds.SequenceEqual(before))
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
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                $"{path} cannot be read: {refused.Message.TrimEnd('.')}. Nothing was changed.",
                refused
            );
        }
    }

    private void Save()
    {
        // Before its folder is there, there is nothing to undo but folders.
        if (!Directory.Exists(Path.GetDirectoryName(_path)))
            return;
        string next = _path + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(_deeds, JournalJson.Default.ListChange));
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
