using System.Security.Cryptography;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Install;

/// <summary>Changes files and folders, and records each change in the journal.</summary>
internal sealed class Disk(Journal journal)
{
    private const UnixFileMode FileMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode ProgramMode =
        FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>SHA-256 in hexadecimal; null if the file does not exist.</summary>
    public static string? HashOf(string path)
    {
        // A dangling link exists but has no content.
        if (
            !File.Exists(path)
            || (
                new FileInfo(path) is { LinkTarget: not null } link
                && link.ResolveLinkTarget(true) is not { Exists: true }
            )
        )
            return null;
        using FileStream file = new(RegularFile.Open(path), FileAccess.Read);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Creates a folder and its missing parents, each a change of its own.</summary>
    public void MakeFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        if (Path.GetDirectoryName(path) is { } above)
            MakeFolder(above);
        journal.Add(new Change { Kind = ChangeKind.MadeFolder, Path = path });
        Directory.CreateDirectory(path);
    }

    /// <summary>Writes a file completely or not at all. An existing file is moved aside first: until <c>uninstall</c>
    /// restores it, or, if an earlier installation wrote it, until this run succeeds.</summary>
    public void Write(string path, byte[] bytes)
    {
        string temporary = Prepare(path);
        File.WriteAllBytes(temporary, bytes);
        Replace(temporary, path, HashOf(bytes), FileMode);
    }

    /// <summary>Installs a program that was built elsewhere, in the same way.</summary>
    public void InstallProgram(string from, string path)
    {
        string temporary = Prepare(path);
        File.Copy(from, temporary, overwrite: true);
        Replace(temporary, path, HashOf(temporary)!, ProgramMode);
    }

    /// <summary>Moves a file to a name where it has no effect.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isOurs">Whether an earlier installation of FastGate wrote it.</param>
    /// <returns>The new path.</returns>
    public string MoveAside(string path, bool isOurs = false)
    {
        string aside = AsideOf(path, isOurs);
        journal.Add(
            new Change
            {
                Kind = ChangeKind.MovedFile,
                Path = path,
                Aside = aside,
                IsPassing = isOurs,
            }
        );
        File.Move(path, aside);
        return aside;
    }

    /// <summary>The path that a file would be moved to: a free name that launchd and systemd ignore.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isOurs">Whether an earlier installation of FastGate wrote it.</param>
    public static string AsideOf(string path, bool isOurs = false)
    {
        string first = path + (isOurs ? ".previous" : ".before-fastgate");
        string aside = first;
        for (int n = 2; File.Exists(aside); n++)
            aside = $"{first}-{n}";
        return aside;
    }

    /// <summary>Deletes what this run replaced of an earlier installation, once the run has succeeded.</summary>
    public void Commit()
    {
        foreach (Change change in journal.Changes)
            if (change is { Kind: ChangeKind.MovedFile, IsPassing: true })
                File.Delete(change.Aside!);

        journal.Commit();
    }

    private string Prepare(string path)
    {
        MakeFolder(Path.GetDirectoryName(path)!);
        return path + ".new";
    }

    private void Replace(string temporary, string path, string hash, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(temporary, mode);
        if (File.Exists(path))
            MoveAside(path, isOurs: journal.HashOf(path) is not null);
        journal.Add(
            new Change
            {
                Kind = ChangeKind.WroteFile,
                Path = path,
                Hash = hash,
            }
        );
        File.Move(temporary, path);
    }
}
