namespace FastGate.Config;

/// <summary>The path of the config file.</summary>
/// <param name="Path">An absolute path.</param>
/// <param name="IsExplicit">Named on the command line, so the file must exist; the default one may be missing.</param>
internal sealed record ConfigPath(string Path, bool IsExplicit)
{
    public const string FileName = "fastgate.json";

    /// <param name="named">A path, relative to the working directory; null for the default.</param>
    /// <param name="machine">Its home directories decide the default.</param>
    public static ConfigPath Find(string? named, Machine machine) =>
        named is null
            ? new ConfigPath(System.IO.Path.Combine(Directory(machine), FileName), IsExplicit: false)
            : new ConfigPath(System.IO.Path.GetFullPath(named), IsExplicit: true);

    // The XDG Base Directory Specification; on macOS as well, as git and other command-line tools do.
    private static string Directory(Machine machine) =>
        System.IO.Path.Combine(machine.ConfigHome ?? System.IO.Path.Combine(machine.Home, ".config"), "fastgate");
}
