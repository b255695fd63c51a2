using System.Net;
using System.Security.Cryptography;
using FastGate.Commands.Install;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;
using FastGate.Launchd;
using FastGate.Proxy.Listening;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

/// <summary>A temporary home directory with fake system tools around it. The verbs run in it as they would on that
/// system.</summary>
internal sealed class Home : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("fastgate-home").FullName;

    public Home(bool isMac)
    {
        IsMac = isMac;
        Directory.CreateDirectory(Folder);
        Directory.CreateDirectory(State);
        FakeTools.WriteTo(Tools, isMac);
        Runner = new CommandRunner(
            $"{Tools}:/usr/bin:/bin",
            new Dictionary<string, string>
            {
                ["HOME"] = Folder,
                ["FAKE_STATE"] = State,
                ["FAKE_CALLS"] = Path.Combine(_root, "calls"),
            }
        );
        if (isMac)
            Directory.CreateDirectory(Path.Combine(Folder, "Library/LaunchAgents"));
        // As on a system that has loaded its units once.
        else
            WriteState("units");
    }

    public bool IsMac { get; }

    /// <summary>The environment of a process that runs in this home, except for its PATH.</summary>
    public (string Name, string Value)[] Variables =>
        [
            ("HOME", Folder),
            ("FAKE_STATE", State),
            ("XDG_CONFIG_HOME", ""),
            ("XDG_STATE_HOME", ""),
            ("XDG_DATA_HOME", ""),
            ("SUDO_USER", ""),
        ];

    /// <summary>A path with characters that are special in XML and in unit files.</summary>
    public string Folder => Path.Combine(_root, "A & B 50%");

    public string State => Path.Combine(_root, "state");

    public string Tools => Path.Combine(_root, "tools");

    public StandInPublisher Publisher { get; } = new();

    public ICommandRunner Runner { get; set; }

    /// <summary>Ollama and the gate respond as soon as launchd or systemd runs them.</summary>
    public FakeProbe Probe =>
        new(
            (endPoint, request) =>
                IPAddress.IsLoopback(endPoint.Address) ? (OllamaResponds ? FakeProbe.Ollama : null)
                : !GateRuns
                || endPoint.Port != GatePort
                || !endPoint.Address.ToString().StartsWith(GateAt, StringComparison.Ordinal)
                    ? null
                : request == "GET /api/version" ? FakeProbe.Ollama
                : FakeProbe.Refusal
        );

    /// <summary>The prefix of the addresses where the gate responds once it runs.</summary>
    public string GateAt { get; set; } = "100.";

    public int GatePort { get; set; } = 11434;

    public IReadOnlyList<InterfaceAddress> Interfaces { get; set; } =
    [
        new("lo0", IPAddress.Loopback),
        new("en0", IPAddress.Parse("192.168.1.5")),
        new("utun3", IPAddress.Parse("100.87.6.5")),
    ];

    public HostEnvironment HostEnvironment =>
        new()
        {
            Machine = new Machine
            {
                Name = "box",
                Home = Folder,
                IsMac = IsMac,
                Interfaces = Interfaces,
            },
            UserId = 501,
            UserName = "u",
            SearchPath = Tools,
            SystemAgentFolders = IsMac
                ? [Path.Combine(_root, "Library/LaunchAgents"), Path.Combine(_root, "Library/LaunchDaemons")]
                : [],
            ApplicationFolders = [Path.Combine(_root, "Applications")],
            TemporaryFolder = Path.Combine(_root, "state"),
            Runner = Runner,
            Publisher = Publisher,
            Probe = Probe,
            Time = new TestTimeProvider { SkipsWaits = true },
            DotnetFolder = "/usr/share/dotnet",
        };

    /// <summary>The calls of the fake tools that change something.</summary>
    public string[] Calls =>
        File.Exists(Path.Combine(_root, "calls"))
            ? [.. File.ReadAllLines(Path.Combine(_root, "calls")).Where(call => !IsReadOnly(call))]
            : [];

    private bool OllamaResponds =>
        !IsMac
        || File.Exists(Path.Combine(State, "serves"))
        || Directory.EnumerateFiles(State, "loaded-*ollama*").Any();

    private bool GateRuns =>
        Directory
            .EnumerateFiles(State, "*fastgate*")
            .Any(file => Path.GetFileName(file) is "loaded-com.fastgate" or "active-fastgate.service");

    public Task<CliResult> InstallAsync(InstallChoices? choices = null, string? input = null) =>
        RunAsync(
            terminal => InstallVerb.RunAsync(HostEnvironment, choices ?? new InstallChoices(Yes: true), terminal),
            input
        );

    public Task<CliResult> UninstallAsync(bool dryRun = false, bool withOldLogs = false) =>
        RunAsync(terminal => UninstallVerb.RunAsync(HostEnvironment, dryRun, yes: true, terminal, withOldLogs), null);

    /// <summary>Writes a file of the user.</summary>
    public void Write(string relative, string text)
    {
        string path = PathOf(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public string Read(string relative) => File.ReadAllText(PathOf(relative));

    public bool Has(string relative) => File.Exists(PathOf(relative));

    public string PathOf(string relative) => Path.Combine(Folder, relative);

    /// <summary>Writes a property list and marks the agent as loaded in the fake launchctl.</summary>
    public void Load(string label, string propertyList)
    {
        Write($"Library/LaunchAgents/{label}.plist", propertyList);
        File.WriteAllText(Path.Combine(State, $"loaded-{label}"), PathOf($"Library/LaunchAgents/{label}.plist") + "\n");
    }

    /// <summary>Writes a property list into one of the system's folders.</summary>
    public void WriteSystems(string relative, string text)
    {
        string path = Path.Combine(_root, "Library", relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public bool IsLoaded(string label) => File.Exists(Path.Combine(State, $"loaded-{label}"));

    public void WriteState(string name, string text = "") => File.WriteAllText(Path.Combine(State, name), text);

    public void AddApplication(string name) => Directory.CreateDirectory(Path.Combine(_root, "Applications", name));

    /// <summary>Lists everything in the home directory and in the state of the fake system, one line each: mode, path,
    /// content. With times, a rewritten file counts as changed; folders have none, because checking for a newer program
    /// needs a temporary folder.</summary>
    public string[] Tree(bool withTimes = false) =>
        [
            .. from top in (string[])[Folder, State]
            from entry in new DirectoryInfo(top).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            orderby entry.FullName
            let time = withTimes && entry is FileInfo ? $" {entry.LastWriteTimeUtc.Ticks}" : ""
            select $"{Convert.ToString((int)entry.UnixFileMode, 8)} {entry.FullName[_root.Length..]} {ContentOf(entry)}{time}",
        ];

    /// <summary>Asserts that nothing was added, removed or changed.</summary>
    public void CheckTree(string[] before, string why, bool withTimes = false, string except = "\0")
    {
        string[] after = Tree(withTimes);
        IEnumerable<string> differences = before
            .Except(after)
            .Select(line => $"- {line}")
            .Concat(after.Except(before).Select(line => $"+ {line}"))
            .Where(line => !line.Contains(except, StringComparison.Ordinal));
        Assert.AreEqual("", string.Join('\n', differences), why);
    }

    /// <summary>Installs again, which must change nothing, then uninstalls, which must restore everything.</summary>
    public async Task CheckReinstallAndUninstallAsync(string[] before)
    {
        string[] after = Tree(withTimes: true);
        int calls = Calls.Length;
        CliResult again = await InstallAsync();
        CheckTree(after, "a second installation changes nothing", withTimes: true);
        Assert.HasCount(calls, Calls, $"a second installation runs no command:\n{again.Out}");

        CliResult uninstalled = await UninstallAsync();
        Assert.AreEqual(0, uninstalled.Code, uninstalled.Out);
        CheckTree(before, "");
    }

    public void Dispose()
    {
        if (Directory.Exists(_root))
            Directory.Delete(_root, recursive: true);
    }

    private static string ContentOf(FileSystemInfo entry) =>
        entry switch
        {
            { LinkTarget: { } target } => $"-> {target}",
            FileInfo file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.FullName))),
            _ => "folder",
        };

    private static bool IsReadOnly(string call) =>
        (
            (string[])
                [
                    "launchctl print",
                    "launchctl getenv",
                    "pgrep",
                    "systemctl --user is-",
                    "systemctl --user show",
                    "systemctl --user show-environment",
                    "systemctl show",
                    "loginctl show-user",
                    "tailscale status",
                ]
        ).Any(prefix => call.StartsWith(prefix, StringComparison.Ordinal));

    private async Task<CliResult> RunAsync(Func<Terminal, Task<int>> verb, string? input)
    {
        StringWriter @out = new();
        StringWriter error = new();
        int code = await verb(new Terminal(@out, error, input is null ? null : new StringReader(input)));
        // The folder has a different name in each run.
        return new CliResult(code, Plain(@out), Plain(error));
    }

    private string Plain(StringWriter text) =>
        string.Join(
                '\n',
                text.ToString()
                    .Replace(_root, "/ROOT", StringComparison.Ordinal)
                    .ReplaceLineEndings("\n")
                    .Split('\n')
                    .Select(line => line.TrimEnd())
            )
            .TrimEnd('\n');
}
