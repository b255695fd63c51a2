using System.Text;
using FastGate.Config;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>The steps that are the same on every system: the program, its config, its logs, and the service
/// files.</summary>
internal sealed class GateSteps(HostEnvironment environment, InstallPaths paths, MachineState state, Disk disk)
{
    private PublishResult? _built;
    private string? _builtHash;

    private bool IsInPlace => environment.Publisher.InPlace is not null;

    /// <summary>The program needs an installed .NET. Known once it is built, and for one that stays.</summary>
    public bool NeedsDotnet => IsInPlace || (_built?.NeedsDotnet ?? state.Current is { NeedsDotnet: true });

    /// <summary>The program was built and differs from the installed one, or was replaced in its own place since the
    /// service was installed.</summary>
    public bool IsNewProgram =>
        _builtHash is not null && (IsInPlace ? !HasReceipt() : Disk.HashOf(paths.Program) != _builtHash);

    /// <summary>What the user can do for a better program.</summary>
    public IEnumerable<string> Notes()
    {
        if (state.Publish.Obstacle is { } obstacle)
            yield return $"The program is not native code, because {obstacle.Reason}. Native code starts faster "
                + "and takes less memory. To get it, run install again after "
                + (obstacle.Command is { } command ? $"this command: {command}" : $"installing {obstacle.Missing}.");
        if (IsInPlace && state.Journal.HashOf(paths.Copy) is not null && File.Exists(paths.Copy))
            yield return $"{paths.Short(paths.Copy)}, from an earlier installation, is no longer what the service "
                + "runs.";
    }

    public Step Build() =>
        new(
            IsInPlace ? $"use {paths.Short(paths.Program)}, the dotnet tool"
                : state.Current is { } current ? $"build the program (unchanged: {current.Note})"
                : "build the program",
            state.Publish.Lines,
            () => Task.FromResult(state.Current is not null),
            async () =>
            {
                disk.MakeFolder(paths.DataFolder);
                if (Directory.Exists(paths.Staging))
                    Directory.Delete(paths.Staging, recursive: true);
                Directory.CreateDirectory(paths.Staging);
                _built = await environment.Publisher.PublishAsync(state.Publish, paths.Staging, environment.Progress);
                if (_built.Path is null)
                    return StepResult.Failed(_built.Problem!);
                _builtHash = Disk.HashOf(_built.Path);
                return StepResult.DoneAs(IsInPlace ? null : _built.Note);
            }
        );

    /// <summary>The program in its place, and the receipt of what it was made from.</summary>
    public IEnumerable<Step> Install()
    {
        if (!IsInPlace)
            yield return Copy();
        if (state.Publish.Fingerprint is not null)
            yield return new Step(
                $"write {paths.Short(paths.Receipt)}, only if changed",
                [],
                () => Task.FromResult(_builtHash is null ? state.Current is not null : HasReceipt()),
                () => Do(() => disk.Write(paths.Receipt, Encoding.UTF8.GetBytes(Receipt())))
            );
    }

    private Step Copy() =>
        new(
            $"install it as {paths.Short(paths.Program)}, only if changed",
            IsForeign(paths.Program)
                ? [$"back up the existing file as {paths.Short(Disk.AsideOf(paths.Program))}"]
                : [],
            () => Task.FromResult(_builtHash is null ? state.Current is not null : !IsNewProgram),
            () => Do(() => disk.InstallProgram(_built!.Path!, paths.Program))
        );

    public Step Config()
    {
        string text = state.NewConfig?.Text ?? "";
        return new Step(
            $"write {paths.Short(paths.Config)}, only if missing",
            Lines(text),
            () => Task.FromResult(File.Exists(paths.Config)),
            () => Do(() => disk.Write(paths.Config, Encoding.UTF8.GetBytes(text)))
        );
    }

    /// <summary>The completions of the shells, and the manual page.</summary>
    public Step ShellFiles() =>
        new(
            "write the shell completions and the manual page, only if changed",
            [.. Shell.ShellFiles.Of(paths).Select(file => paths.Short(file.Path))],
            () => Task.FromResult(ChangedShellFiles().Count == 0),
            () =>
                Do(() =>
                {
                    foreach ((string name, string path) in ChangedShellFiles())
                        disk.Write(path, Shell.ShellFiles.Read(name));
                })
        );

    private IReadOnlyList<(string Name, string Path)> ChangedShellFiles() =>
        [
            .. Shell
                .ShellFiles.Of(paths)
                .Where(file => Disk.HashOf(file.Path) != Disk.HashOf(Shell.ShellFiles.Read(file.Name))),
        ];

    public Step Logs() =>
        new(
            $"create {paths.Short(paths.LogFolder)}/",
            [],
            () => Task.FromResult(Directory.Exists(paths.LogFolder)),
            () =>
                Do(() =>
                {
                    disk.MakeFolder(paths.LogFolder);
                    state.Journal.Add(new Change { Kind = ChangeKind.OwnsLogs, Path = paths.LogFolder });
                })
        );

    /// <summary>Writes the property list or unit of a service.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">The content. Called after the program is built.</param>
    /// <param name="first">Runs just before the file is written, for example to record another change.</param>
    public Step WriteService(string path, Func<string> text, Action? first = null)
    {
        List<string> details = [.. Lines(text())];
        if (IsForeign(path))
            details.Insert(0, $"back up the existing file as {paths.Short(Disk.AsideOf(path))}");
        return new Step(
            $"write {paths.Short(path)}",
            details,
            () => Task.FromResult(HasContent(path, text())),
            () =>
                Do(() =>
                {
                    if (IsEdited(state.Journal, path))
                        File.Copy(path, path + ".edited", overwrite: true);
                    first?.Invoke();
                    disk.Write(path, Encoding.UTF8.GetBytes(text()));
                })
        );
    }

    public static bool HasContent(string path, string text) =>
        Disk.HashOf(path) is { } hash && hash == Disk.HashOf(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether <c>install</c> wrote the file and the user has edited it since.</summary>
    public static bool IsEdited(Journal journal, string path) =>
        journal.HashOf(path) is { } written && Disk.HashOf(path) is { } current && current != written;

    private bool HasReceipt() => HasContent(paths.Receipt, Receipt());

    private string Receipt() =>
        new ProgramReceipt(state.Publish.Fingerprint!, _builtHash!, NeedsDotnet, _built!.Note ?? "").ToText();

    private bool IsForeign(string path) => File.Exists(path) && state.Journal.HashOf(path) is null;

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    private static Task<StepResult> Do(Action action)
    {
        action();
        return Task.FromResult(StepResult.Done);
    }
}

/// <summary>The service definitions of FastGate, and of Ollama on a Mac.</summary>
internal sealed class GateAgent(HostEnvironment environment, InstallPaths paths)
{
    /// <summary>1024 connections with two descriptors each, plus a margin; launchd's default is 256.</summary>
    private const int FilesMax = 8192;

    /// <summary>Sooner than launchd's 10 s, but slow enough not to spin on an invalid config.</summary>
    private const int RestartSeconds = 5;

    /// <summary>Added to the drain time, so that the gate ends by itself before it is killed.</summary>
    private const int StopMarginSeconds = 10;

    // Ollama may start later than this program.
    private const string WarmWaitSeconds = "600";

    private string[] Command => [paths.Program, "run"];

    public Agent ToAgent(GatePlan plan, bool needsDotnet) =>
        new()
        {
            Label = InstallPaths.FastGateLabel,
            ProgramArguments = Command,
            Environment = EnvironmentOf(needsDotnet),
            ProcessType = "Interactive",
            ThrottleSeconds = RestartSeconds,
            ExitTimeOutSeconds = StopSeconds(plan),
            FilesMax = FilesMax,
            StandardOutPath = paths.OperationalLog,
            StandardErrorPath = paths.OperationalLog,
        };

    public ServiceUnit ToUnit(GatePlan plan, bool needsDotnet) =>
        new()
        {
            Description = "FastGate, an HTTP allowlist gate in front of Ollama",
            Command = Command,
            Environment = EnvironmentOf(needsDotnet),
            StopSeconds = StopSeconds(plan),
            RestartSeconds = RestartSeconds,
            FilesMax = FilesMax,
        };

    /// <summary>The agent that loads models once after each login.</summary>
    public Agent WarmAgent(IReadOnlyList<string> models, bool needsDotnet) =>
        new()
        {
            Label = InstallPaths.WarmLabel,
            ProgramArguments = WarmCommand(models),
            Environment = EnvironmentOf(needsDotnet),
            KeepAlive = false,
            StandardOutPath = paths.WarmLog,
            StandardErrorPath = paths.WarmLog,
        };

    /// <summary>The unit that loads models once after each login or boot.</summary>
    public ServiceUnit WarmUnit(IReadOnlyList<string> models, bool needsDotnet) =>
        new()
        {
            Description = "Load models into Ollama with FastGate",
            Command = WarmCommand(models),
            Environment = EnvironmentOf(needsDotnet),
            StopSeconds = StopMarginSeconds,
        };

    /// <param name="program">The path of Ollama's program.</param>
    /// <param name="host">The loopback address and port where FastGate expects Ollama.</param>
    /// <param name="noCloud">Turn off cloud models and web search.</param>
    public Agent OllamaAgent(string program, string host, bool noCloud) =>
        new()
        {
            Label = InstallPaths.OllamaLabel,
            ProgramArguments = [program, "serve"],
            Environment = noCloud
                ? [new(OllamaHost.Variable, host), new(OllamaCloud.Variable, OllamaCloud.Off)]
                : [new(OllamaHost.Variable, host)],
            ProcessType = "Interactive",
            StandardOutPath = paths.OllamaLog,
            StandardErrorPath = paths.OllamaLog,
        };

    private string[] WarmCommand(IReadOnlyList<string> models) =>
        [paths.Program, "warm", "--wait", WarmWaitSeconds, .. models];

    private static int StopSeconds(GatePlan plan) =>
        (int)Math.Ceiling(plan.Limits.DrainTime.TotalSeconds) + StopMarginSeconds;

    // The paths of the config and the logs depend on these variables, and an agent does not inherit the shell's.
    private List<KeyValuePair<string, string>> EnvironmentOf(bool needsDotnet)
    {
        List<KeyValuePair<string, string>> variables = [];
        if (environment.Machine.ConfigHome is { } config)
            variables.Add(new("XDG_CONFIG_HOME", config));
        if (environment.Machine.StateHome is { } state)
            variables.Add(new("XDG_STATE_HOME", state));
        if (needsDotnet)
            variables.Add(new("DOTNET_ROOT", environment.DotnetFolder));
        return variables;
    }
}
