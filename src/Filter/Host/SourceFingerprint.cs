using System.Security.Cryptography;
using System.Text;

namespace FastGate.Host;

/// <summary>Identifies the content of everything that a program is built from.</summary>
internal static class SourceFingerprint
{
    // The files beside and above the source folder that MSBuild, NuGet and the compiler read by themselves.
    private static readonly string[] BuildFiles =
    [
        ".editorconfig",
        ".globalconfig",
        "Directory.Build.props",
        "Directory.Build.targets",
        "Directory.Build.rsp",
        "Directory.Packages.props",
        LastFolderFile,
        "nuget.config",
        "NuGet.config",
        "NuGet.Config",
    ];

    // Nothing above the folder with this file belongs to the source.
    private const string LastFolderFile = "global.json";

    // What builds leave behind.
    private static readonly string[] OutputFolders = ["bin", "obj"];

    /// <summary>Of a project, its neighbors, which it may refer to, and the build files above them. The path of the
    /// source tree makes no difference.</summary>
    /// <param name="project">The project file.</param>
    /// <param name="facts">What else decides how the program comes out.</param>
    /// <returns>SHA-256 in hexadecimal; null if a file cannot be read.</returns>
    public static string? OfProject(string project, params IReadOnlyList<string> facts)
    {
        DirectoryInfo source = new FileInfo(project).Directory!.Parent!;
        return Of(source.FullName, FilesIn(source).Concat(BuildFilesAbove(source)), facts);
    }

    /// <summary>Of all files in a folder.</summary>
    public static string? OfFolder(string folder) => Of(folder, FilesIn(new DirectoryInfo(folder)), []);

    private static IEnumerable<string> FilesIn(DirectoryInfo folder)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is not DirectoryInfo inner)
                yield return entry.FullName;
            else if (!OutputFolders.Contains(inner.Name, StringComparer.Ordinal))
                foreach (string file in FilesIn(inner))
                    yield return file;
        }
    }

    private static IEnumerable<string> BuildFilesAbove(DirectoryInfo source)
    {
        for (DirectoryInfo? above = source.Parent; above is not null; above = above.Parent)
        {
            foreach (string path in BuildFiles.Select(name => Path.Combine(above.FullName, name)).Where(File.Exists))
                yield return path;
            if (File.Exists(Path.Combine(above.FullName, LastFolderFile)))
                yield break;
        }
    }

    private static string? Of(string folder, IEnumerable<string> files, IReadOnlyList<string> facts)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string fact in facts)
            Add(all, fact);
        try
        {
            foreach (string file in files.Order(StringComparer.Ordinal))
            {
                Add(all, Path.GetRelativePath(folder, file));
                using FileStream content = File.OpenRead(file);
                all.AppendData(SHA256.HashData(content));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It vanished, or this user may not read it: a build will say so, and nothing is reused.
            return null;
        }
        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    // A hash of its own for each, so that the border between two texts counts.
    private static void Add(IncrementalHash all, string text) =>
        all.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
