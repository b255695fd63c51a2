using System.Text.Json;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Install;

/// <summary>
/// All deeds of an installation in their order, kept in a file. A deed is written down before it is done, so that also a
/// run that was cut off can be undone; undoing what was never done does nothing.
/// </summary>
internal sealed class Journal
{
    private readonly string path;
    private readonly List<Deed> deeds;

    private Journal(string path, List<Deed> deeds) => (this.path, this.deeds) = (path, deeds);

    public IReadOnlyList<Deed> Deeds => deeds;

    /// <param name="path">Where it lies.</param>
    /// <param name="isMac">Which system's deeds may be in it; null for both.</param>
    /// <exception cref="InvalidDataException">There is a file, but it cannot be understood.</exception>
    public static Journal Read(string path, bool? isMac = null)
    {
        if (!File.Exists(path)) return new Journal(path, []);
        return new Journal(path, JournalReader.Read(path, ReadFile(path), isMac));
    }

    /// <summary>What was written there by an installation; null if none was.</summary>
    public string? HashOf(string file) => deeds.LastOrDefault(deed => deed.Kind == DeedKind.WroteFile && deed.Path == file)?.Hash;

    /// <summary>An installation did the same to the same thing.</summary>
    public bool Has(DeedKind kind, string name) => deeds.Any(deed => deed.Kind == kind && deed.Name == name && !deed.IsPassing);

    public void Add(Deed deed)
    {
        deeds.Add(deed);
        Save();
    }

    public void Remove(Deed deed)
    {
        // The last of several alike: deeds are undone from the end.
        deeds.RemoveAt(deeds.LastIndexOf(deed));
        Save();
    }

    /// <summary>A run has succeeded: what it did to an earlier installation is now a part of it.</summary>
    public void Settle()
    {
        Deed[] before = [.. deeds];
        deeds.RemoveAll(deed => deed.IsPassing);
        foreach (IGrouping<string, Deed> file in deeds.Where(deed => deed.Kind == DeedKind.WroteFile).GroupBy(deed => deed.Path).ToList())
        {
            // The place of the first, since that is the order to undo in, with what is there now.
            deeds[deeds.IndexOf(file.First())] = file.Last();
            foreach (Deed again in file.Skip(1)) deeds.RemoveAt(deeds.LastIndexOf(again));
        }
        // Who installs twice changes nothing the second time.
        if (!deeds.SequenceEqual(before)) Save();
    }

    /// <summary>The folder is one that the journal lies in.</summary>
    public bool IsIn(string folder) => path.StartsWith(folder + '/', StringComparison.Ordinal);

    /// <summary>Nothing is left to undo but the folders around the journal.</summary>
    public void Delete()
    {
        if (File.Exists(path)) File.Delete(path);
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return RegularFile.ReadBytes(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path} cannot be read: {refused.Message.TrimEnd('.')}. Nothing was changed.", refused);
        }
    }

    private void Save()
    {
        // Before its folder is there, there is nothing to undo but folders.
        if (!Directory.Exists(Path.GetDirectoryName(path))) return;
        string next = path + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(deeds, JournalJson.Default.ListDeed));
        File.Move(next, path, overwrite: true);
    }
}
