using FastGate.Config;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>How the system is told to keep FastGate, and on a Mac Ollama.</summary>
internal sealed class GateAgent(HostEnvironment site, InstallPaths places)
{
    /// <summary>1024 connections with two descriptors each, and room; launchd's default is 256.</summary>
    private const int FilesMax = 8192;

    /// <summary>Sooner than launchd's 10 s, and slow enough not to spin on a config that cannot hold.</summary>
    private const int RestartSeconds = 5;

    /// <summary>Beyond the drain time, so that the gate itself ends last.</summary>
    private const int StopMarginSeconds = 10;

    private string[] Command => [places.Program, "run"];

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
            StandardOutPath = places.OperationalLog,
            StandardErrorPath = places.OperationalLog,
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

    /// <param name="program">Ollama's.</param>
    /// <param name="host">The loopback address and the port where FastGate looks for it.</param>
    /// <param name="noCloud">It gets no cloud models and no web search.</param>
    public Agent OllamaAgent(string program, string host, bool noCloud) =>
        new()
        {
            Label = InstallPaths.OllamaLabel,
            ProgramArguments = [program, "serve"],
            Environment = noCloud
                ? [new(OllamaHost.Variable, host), new(OllamaCloud.Variable, OllamaCloud.Off)]
                : [new(OllamaHost.Variable, host)],
            ProcessType = "Interactive",
            StandardOutPath = places.OllamaLog,
            StandardErrorPath = places.OllamaLog,
        };

    private static int StopSeconds(GatePlan plan) =>
        (int)Math.Ceiling(plan.Limits.DrainTime.TotalSeconds) + StopMarginSeconds;

    // Where the config and the logs are depends on these, and an agent does not have the shell's.
    private List<KeyValuePair<string, string>> EnvironmentOf(bool needsDotnet)
    {
        List<KeyValuePair<string, string>> variables = [];
        if (site.Machine.ConfigHome is { } config)
            variables.Add(new("XDG_CONFIG_HOME", config));
        if (site.Machine.StateHome is { } state)
            variables.Add(new("XDG_STATE_HOME", state));
        if (needsDotnet)
            variables.Add(new("DOTNET_ROOT", site.DotnetFolder));
        return variables;
    }
}
