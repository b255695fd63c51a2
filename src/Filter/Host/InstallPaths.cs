using FastGate.Config;
using FastGate.Launchd;

namespace FastGate.Host;

/// <summary>Where everything is put, and where other set-ups keep theirs. Pure.</summary>
internal sealed class InstallPaths(HostEnvironment site)
{
    public const string UnitName = "fastgate.service";

    private readonly string _home = site.Machine.Home;

    public static AgentLabel FastGateLabel { get; } = Known("com.fastgate");

    public static AgentLabel OllamaLabel { get; } = Known("com.ollama");

    public static AgentLabel HaproxyLabel { get; } = Known("com.haproxy");

    public static AgentLabel BrewOllamaLabel { get; } = Known("homebrew.mxcl.ollama");

    public static AgentLabel BrewHaproxyLabel { get; } = Known("homebrew.mxcl.haproxy");

    /// <summary>The XDG Base Directory Specification's folder for a user's programs; one file, so that it is replaced
    /// whole.</summary>
    public string Program => Path.Combine(_home, ".local/bin/fastgate");

    public string Config => ConfigPath.Find(null, site.Machine).Path;

    public string DataFolder => Path.Combine(site.DataHome ?? Path.Combine(_home, ".local/share"), "fastgate");

    /// <summary>What was done, so that it can be undone.</summary>
    public string Journal => Path.Combine(DataFolder, "installed.json");

    /// <summary>Where a new program is made before it is put in its place.</summary>
    public string Staging => Path.Combine(DataFolder, "staging");

    /// <summary>As the access log's own default, so that all is in one folder.</summary>
    public string LogFolder =>
        site.Machine.IsMac
            ? Path.Combine(_home, "Library/Logs/FastGate")
            : Path.Combine(site.Machine.StateHome ?? Path.Combine(_home, ".local/state"), "fastgate");

    public string OperationalLog => Path.Combine(LogFolder, "fastgate.log");

    public string OllamaLog => Path.Combine(LogFolder, "ollama.log");

    /// <summary>systemd looks here, and nowhere else that a user may write (systemd.unit(5)).</summary>
    public string UnitFile =>
        Path.Combine(site.Machine.ConfigHome ?? Path.Combine(_home, ".config"), "systemd/user", UnitName);

    /// <summary>Where systemctl enable puts its link.</summary>
    public string WantsFolder => Path.Combine(Path.GetDirectoryName(UnitFile)!, "default.target.wants");

    /// <summary>The user's own agents.</summary>
    public string AgentFolder => Path.Combine(_home, "Library/LaunchAgents");

    public string AgentFile(AgentLabel label) => Path.Combine(AgentFolder, label.PropertyListFileName);

    /// <summary>Why nothing can be kept here: a character that the files of launchd or systemd cannot hold. Null if all
    /// is well.</summary>
    public string? Problem
    {
        get
        {
            string all = string.Concat(_home, site.Machine.ConfigHome, site.Machine.StateHome, site.DataHome);
            if (all.Any(char.IsControl))
                return "the path of your home, or an XDG variable, has a control character, which no property "
                    + "list or unit can hold";
            // "Executable name contains special characters": systemd takes no quoting there.
            return !site.Machine.IsMac && _home.AsSpan().IndexOfAny("\"'\\") >= 0
                ? "systemd starts no program whose path has a quote or a backslash, and that of your home has one"
                : null;
        }
    }

    /// <summary>For people: with ~ in place of the home.</summary>
    public string Short(string path) =>
        _home.Length > 1 && path.StartsWith(_home + '/', StringComparison.Ordinal)
            ? string.Concat("~", path.AsSpan(_home.Length))
            : path;

    private static AgentLabel Known(string name) =>
        AgentLabel.TryParse(name, out AgentLabel? label, out string? problem)
            ? label
            : throw new ArgumentException(problem, nameof(name));
}
