namespace FastGate.Config;

/// <summary>Where the config file is looked for.</summary>
/// <param name="Path">The whole path.</param>
/// <param name="IsNamed">Somebody named it, so it has to be there; the usual one may be absent.</param>
internal sealed record ConfigPath(string Path, bool IsNamed)
{
    public const string FileName = "fastgate.json";

    /// <summary>The named one, or else the usual one.</summary>
    /// <param name="named">A path, seen from the present directory; null when nobody named one.</param>
    /// <param name="machine">Says where the usual one is.</param>
    public static ConfigPath Find(string? named, Machine machine) =>
        named is null
            ? new ConfigPath(System.IO.Path.Combine(Directory(machine), FileName), IsNamed: false)
            : new ConfigPath(System.IO.Path.GetFullPath(named), IsNamed: true);

    // The XDG Base Directory Specification; on macOS as well, as git and other tools of the terminal do.
    private static string Directory(Machine machine) =>
        System.IO.Path.Combine(machine.ConfigHome ?? System.IO.Path.Combine(machine.Home, ".config"), "fastgate");
}
