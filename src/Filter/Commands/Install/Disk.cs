using System.Security.Cryptography;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Install;

/// <summary>Changes files and folders, each change a change of the journal.</summary>
internal sealed class Disk(Journal journal)
{
    private const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Runnable =
        Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>SHA-256 in hexadecimal; null if there is no such file.</summary>
    public static string? HashOf(string path)
    {
        // A link that leads nowhere is there, and has no content.
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

    /// <summary>Makes a folder and those above it; each that was not there is a change.</summary>
    public void MakeFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        if (Path.GetDirectoryName(path) is { } above)
            MakeFolder(above);
        journal.Add(new Change { Kind = ChangeKind.MadeFolder, Path = path });
        Directory.CreateDirectory(path);
    }

    /// <summary>
    /// Writes a file whole or not at all. What is there is kept: as the backup that uninstall puts back, or until this
    /// run has succeeded if an earlier installation wrote it.
    /// </summary>
    public void Write(string path, byte[] bytes)
    {
        string next = Prepare(path);
        File.WriteAllBytes(next, bytes);
        Replace(next, path, HashOf(bytes), Plain);
    }

    /// <summary>Puts a program that was made elsewhere in its place, in the same way.</summary>
    public void InstallProgram(string from, string path)
    {
        string next = Prepare(path);
        File.Copy(from, next, overwrite: true);
        Replace(next, path, HashOf(next)!, Runnable);
    }

    /// <summary>Moves somebody else's file to where it has no effect.</summary>
    /// <returns>Where it is now.</returns>
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

    /// <summary>Where a file would be moved to: a name that no system looks for, and that is free.</summary>
    public static string AsideOf(string path, bool isOurs = false)
    {
        string first = path + (isOurs ? ".previous" : ".before-fastgate");
        string aside = first;
        for (int n = 2; File.Exists(aside); n++)
            aside = $"{first}-{n}";
        return aside;
    }

    /// <summary>This run has succeeded, so what it replaced of an earlier one is not needed any more.</summary>
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

    private void Replace(string next, string path, string hash, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(next, mode);
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
        File.Move(next, path);
    }
}
