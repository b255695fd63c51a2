using FastGate.Host;

namespace FastGate.Commands.Shell;

/// <summary>The files for shells and <c>man</c> that the program contains, and where they are found.</summary>
internal static class ShellFiles
{
    /// <summary>Each file's name among the resources, and its path.</summary>
    public static IReadOnlyList<(string Name, string Path)> Of(InstallPaths paths) =>
        [
            ("fastgate.bash", paths.BashCompletion),
            ("_fastgate", paths.ZshCompletion),
            ("fastgate.fish", paths.FishCompletion),
            ("fastgate.1", paths.ManPage),
        ];

    /// <summary>The content of such a file.</summary>
    public static byte[] Read(string name)
    {
        using Stream resource =
            typeof(ShellFiles).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(name);
        using MemoryStream bytes = new();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
