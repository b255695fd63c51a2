using FastGate.Config;
using FastGate.Launchd;

namespace FastGate.Host;

/// <summary>The paths of an installation, and of the set-ups that it replaces.</summary>
internal sealed class InstallPaths(HostEnvironment environment)
{
    public const string UnitName = "fastgate.service";

    public const string WarmUnitName = "fastgate-warm.service";

    public const string ReceiptName = "published.json";

    private readonly string _home = environment.Machine.Home;

    public static AgentLabel FastGateLabel { get; } = LabelOf("com.fastgate");

    public static AgentLabel WarmLabel { get; } = LabelOf("com.fastgate.warm");

    public static AgentLabel OllamaLabel { get; } = LabelOf("com.ollama");

    public static AgentLabel HaproxyLabel { get; } = LabelOf("com.haproxy");

    public static AgentLabel BrewOllamaLabel { get; } = LabelOf("homebrew.mxcl.ollama");

    public static AgentLabel BrewHaproxyLabel { get; } = LabelOf("homebrew.mxcl.haproxy");

    /// <summary>The program that the service runs.</summary>
    public string Program => environment.Publisher.InPlace ?? Copy;

    /// <summary>The program as a copy, in the XDG Base Directory Specification's folder for a user's programs. A single
    /// file, so that it can be replaced at once.</summary>
    public string Copy => Path.Combine(_home, ".local/bin/fastgate");

    public string Config => ConfigPath.Find(null, environment.Machine).Path;

    public string DataFolder => Path.Combine(DataHome, "fastgate");

    /// <summary>The record of what was changed, so that it can be rolled back.</summary>
    public string Journal => Path.Combine(DataFolder, "installed.json");

    /// <summary>The record of what the program was made from, so that it is not made again.</summary>
    public string Receipt => Path.Combine(DataFolder, ReceiptName);

    /// <summary>Where shells find completions in the user's data folder; zsh has to be told.</summary>
    public string BashCompletion => Path.Combine(DataHome, "bash-completion/completions/fastgate");

    /// <inheritdoc cref="BashCompletion"/>
    public string ZshCompletion => Path.Combine(DataHome, "zsh/site-functions/_fastgate");

    /// <inheritdoc cref="BashCompletion"/>
    public string FishCompletion => Path.Combine(DataHome, "fish/vendor_completions.d/fastgate.fish");

    /// <summary>Where <c>man</c> looks for the pages of the programs in <c>~/.local/bin</c> (manpath(5)).</summary>
    public string ManPage => Path.Combine(_home, ".local/share/man/man1/fastgate.1");

    /// <summary>The folder in which a new program is created before it is installed.</summary>
    public string Staging => Path.Combine(DataFolder, "staging");

    /// <summary>The folder of the access log by default, so that all logs are in one folder.</summary>
    public string LogFolder =>
        environment.Machine.IsMac
            ? Path.Combine(_home, "Library/Logs/FastGate")
            : Path.Combine(environment.Machine.StateHome ?? Path.Combine(_home, ".local/state"), "fastgate");

    public string OperationalLog => Path.Combine(LogFolder, "fastgate.log");

    public string OllamaLog => Path.Combine(LogFolder, "ollama.log");

    public string WarmLog => Path.Combine(LogFolder, "warm.log");

    /// <summary>The service file that loads models after a login or boot.</summary>
    public string WarmService =>
        environment.Machine.IsMac ? AgentFile(WarmLabel) : Path.Combine(Path.GetDirectoryName(UnitFile)!, WarmUnitName);

    /// <summary>The unit file, in the only folder of systemd that a user may write (systemd.unit(5)).</summary>
    public string UnitFile =>
        Path.Combine(environment.Machine.ConfigHome ?? Path.Combine(_home, ".config"), "systemd/user", UnitName);

    /// <summary>The folder of the link that <c>systemctl enable</c> creates.</summary>
    public string WantsFolder => Path.Combine(Path.GetDirectoryName(UnitFile)!, "default.target.wants");

    /// <summary>A unit runs the gate: the one that <c>install</c> writes, or that of a package, which counts once the
    /// user has enabled it.</summary>
    public bool HasUnit => File.Exists(UnitFile) || File.Exists(Path.Combine(WantsFolder, UnitName));

    private string DataHome => environment.DataHome ?? Path.Combine(_home, ".local/share");

    /// <summary>The folder of the user's own agents.</summary>
    public string AgentFolder => Path.Combine(_home, "Library/LaunchAgents");

    public string AgentFile(AgentLabel label) => Path.Combine(AgentFolder, label.PropertyListFileName);

    /// <summary>Why no service can run from here: a path with a character that property lists or unit files cannot
    /// contain. Null if there is none.</summary>
    public string? Problem
    {
        get
        {
            string all = string.Concat(
                _home,
                environment.Machine.ConfigHome,
                environment.Machine.StateHome,
                environment.DataHome
            );
            if (all.Any(char.IsControl))
                return "the path of your home directory, or an XDG variable, contains a control character, which "
                    + "property lists and unit files cannot contain";
            // "Executable name contains special characters": systemd allows no quoting there.
            return !environment.Machine.IsMac && _home.AsSpan().IndexOfAny("\"'\\") >= 0
                ? "systemd cannot start a program whose path contains a quote or a backslash, as your home directory "
                    + "does"
                : null;
        }
    }

    /// <summary>A path for people, with ~ for the home directory.</summary>
    public string Short(string path) => environment.Machine.Short(path);

    private static AgentLabel LabelOf(string name) =>
        AgentLabel.TryParse(name, out AgentLabel? label, out string? problem)
            ? label
            : throw new ArgumentException(problem, nameof(name));
}
