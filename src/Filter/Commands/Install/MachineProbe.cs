using System.Net;
using FastGate.Config;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>Looks at a machine before an installation. Changes nothing.</summary>
internal sealed class MachineProbe(HostEnvironment environment, InstallPaths paths)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    // A login by ssh often lacks Homebrew's folder; the last is what Ollama.app brings.
    private static readonly string[] DefaultOllamaPaths =
    [
        "/opt/homebrew/bin/ollama",
        "/usr/local/bin/ollama",
        "/Applications/Ollama.app/Contents/Resources/ollama",
    ];

    private readonly Launchctl _launchctl = new(environment.Runner, environment.UserId);

    /// <exception cref="InvalidDataException">The journal of an earlier installation cannot be understood.</exception>
    public async Task<MachineState> ProbeAsync()
    {
        ConfigResult config = ConfigLoader.Load(
            ConfigPath.Find(null, environment.Machine),
            new GateFile(),
            environment.Machine
        );
        MachineState state = new()
        {
            Config = config,
            Journal = Journal.Read(paths.Journal, environment.Machine.IsMac),
        };
        if (config.Plan is null)
            return state;
        state = state with
        {
            OllamaProgram =
                environment.Runner.Find("ollama")
                ?? DefaultOllamaPaths.Select(environment.Runner.Find).FirstOrDefault(path => path is not null),
            OllamaResponds = await RespondsAsync(config.Plan),
        };
        return environment.Machine.IsMac ? ProbeHaproxy(await ProbeAgentsAsync(state)) : await ProbeUnitsAsync(state);
    }

    private async Task<bool> RespondsAsync(GatePlan plan) =>
        plan.Upstream.KnownAddresses is [var address, ..]
        && await environment.Probe.AskAsync(new IPEndPoint(address, plan.Upstream.Port), "GET", "/api/version")
            is not null;

    private async Task<MachineState> ProbeUnitsAsync(MachineState state)
    {
        Systemctl systemctl = new(environment.Runner, environment.UserName);
        return state with
        {
            Lingers = await systemctl.LingersAsync(),
            Units = await new UnitSearch(systemctl).FindAsync(),
            IsForeignGateLoaded =
                !state.IsGateOurs
                && (
                    await systemctl.IsActiveAsync(InstallPaths.UnitName)
                    || await systemctl.IsEnabledAsync(InstallPaths.UnitName)
                ),
        };
    }

    private async Task<MachineState> ProbeAgentsAsync(MachineState state)
    {
        FoundAgents agents = await new AgentSearch(environment, paths, _launchctl).FindAsync();
        ServerAgent[] haproxies =
        [
            .. agents.Haproxies.Where(agent => HaproxyFiles.IsBeforeOllama(agent, environment.Machine.Home)),
        ];
        ServerAgent? haproxy = haproxies.FirstOrDefault(agent => !agent.IsSystems && agent.Known is not null);
        bool isHaproxyLoaded =
            haproxy?.IsLoaded ?? (await _launchctl.PrintAsync(InstallPaths.HaproxyLabel)).State is not null;
        AgentState? foreign = state.IsGateOurs ? null : (await _launchctl.PrintAsync(InstallPaths.FastGateLabel)).State;
        return state with
        {
            Agents = agents,
            HasHaproxy =
                haproxy is not null || isHaproxyLoaded || File.Exists(paths.AgentFile(InstallPaths.HaproxyLabel)),
            IsHaproxyLoaded = isHaproxyLoaded,
            HaproxyAgent = haproxy,
            SystemHaproxy = haproxies.FirstOrDefault(agent => agent.IsSystems && agent.IsLoaded == true),
            IsForeignGateLoaded = foreign is not null,
            ForeignGatePath =
                File.Exists(foreign?.PropertyListPath)
                && foreign.PropertyListPath != paths.AgentFile(InstallPaths.FastGateLabel)
                    ? foreign.PropertyListPath
                    : null,
            HasBrewOllama = File.Exists(paths.AgentFile(InstallPaths.BrewOllamaLabel)),
            HasApp = HasApp() && (await environment.Runner.RunAsync("pgrep", ["-x", "Ollama"], Longest)).Succeeded,
        };
    }

    private MachineState ProbeHaproxy(MachineState state)
    {
        if (!state.HasHaproxy)
            return state;
        WrittenAgent? agent = state.HaproxyAgent?.Agent;
        IReadOnlyList<string> configPaths = HaproxyFiles.PathsOf(state.HaproxyAgent, environment.Machine.Home);
        string path = configPaths[0];
        List<(string Name, string Text)> files = [];
        foreach (string file in configPaths)
        {
            if (HaproxyFiles.TextOf(file) is not { } text)
                return state with { HaproxyConfigPath = file };
            files.Add((configPaths.Count > 1 ? paths.Short(file) : "", text));
        }
        HaproxyConfig haproxy = HaproxyConfig.Parse(
            files,
            HaproxyContext.Of(Path.GetDirectoryName(path)!, name => agent?.Variable(name)) with
            {
                Addresses = [.. environment.Machine.Interfaces.Select(each => each.Address)],
                OllamaPorts = [state.Plan.Upstream.Port, 11434],
            }
        );
        IReadOnlyList<Rule> rules = state.Plan.Listeners[0].Options.Policy.Rules.Rules;
        return state with { HaproxyConfigPath = path, Haproxy = haproxy, Migration = Migration.Of(haproxy, rules) };
    }

    private bool HasApp() =>
        environment.ApplicationFolders.Any(folder => Directory.Exists(Path.Combine(folder, "Ollama.app")));
}

/// <summary>What is on the machine before anything is changed.</summary>
internal sealed record MachineState
{
    public required ConfigResult Config { get; init; }

    /// <summary>The config that will be written; null as long as that is open, and where there is one.</summary>
    public NewConfig? NewConfig { get; init; }

    /// <summary>What the gate will run with.</summary>
    public GatePlan Plan => NewConfig?.Plan ?? Config.Plan!;

    public required Journal Journal { get; init; }

    /// <summary>HAProxy's agent is loaded, or its property list is there.</summary>
    public bool HasHaproxy { get; init; }

    public bool IsHaproxyLoaded { get; init; }

    /// <summary>The agent that runs HAProxy; null if there is none, or if its property list cannot be read.</summary>
    public ServerAgent? HaproxyAgent { get; init; }

    public AgentLabel HaproxyLabel => HaproxyAgent?.Known ?? InstallPaths.HaproxyLabel;

    /// <summary>A HAProxy before Ollama that only root can stop; null if there is none.</summary>
    public ServerAgent? SystemHaproxy { get; init; }

    /// <summary>It leads to Ollama, has the gate's port, or nobody knows: then both cannot be there.</summary>
    public bool IsHaproxyInTheWay =>
        HasHaproxy
        && (
            Haproxy is null
            || Haproxy.LeadsToOllama
            || Haproxy.AllBinds.Any(bind =>
                Config.Plan!.Listeners.Any(listener => listener.Options.Address.Port == bind.Port)
            )
        );

    /// <summary>Its configuration, if it could be read.</summary>
    public HaproxyConfig? Haproxy { get; init; }

    public string? HaproxyConfigPath { get; init; }

    public Migration? Migration { get; init; }

    /// <summary>Ollama's program.</summary>
    public string? OllamaProgram { get; init; }

    /// <summary>What launchd starts as Ollama or as HAProxy (macOS).</summary>
    public FoundAgents Agents { get; init; } = FoundAgents.None;

    /// <summary>Agents and daemons that start Ollama, but for Homebrew's own of this user.</summary>
    public IReadOnlyList<ServerAgent> OllamaAgents =>
        [.. Agents.Ollamas.Where(agent => agent.IsSystems || agent.Label != InstallPaths.BrewOllamaLabel.Name)];

    /// <summary>Those that let others in, and whose property list <c>install</c> can change.</summary>
    public IReadOnlyList<ServerAgent> FixableOllamas =>
        [.. OllamaAgents.Where(agent => agent.IsOpen && agent.Obstacle(OllamaHost.Variable) is null)];

    /// <summary>Property lists that are Ollama's by their name and could not be read, but for Homebrew's own of this
    /// user.</summary>
    public IReadOnlyList<UnreadList> UnreadOllamas =>
        [
            .. Agents.UnreadOllamas.Where(list =>
                Path.GetFileName(list.Path) != InstallPaths.BrewOllamaLabel.PropertyListFileName
            ),
        ];

    /// <summary>Units that start Ollama or HAProxy (Linux).</summary>
    public IReadOnlyList<ServerUnit> Units { get; init; } = [];

    /// <summary>The system keeps something under FastGate's name that no installation of FastGate made.</summary>
    public bool IsForeignGateLoaded { get; init; }

    /// <summary>The property list that it was loaded from, if it is not where FastGate's own would be
    /// (macOS).</summary>
    public string? ForeignGatePath { get; init; }

    /// <summary>An earlier installation had the system keep the gate.</summary>
    public bool IsGateOurs =>
        Journal.Has(ChangeKind.LoadedAgent, InstallPaths.FastGateLabel.Name)
        || Journal.Has(ChangeKind.EnabledUnit, InstallPaths.UnitName)
        || Journal.Has(ChangeKind.StartedUnit, InstallPaths.UnitName);

    /// <summary>Homebrew keeps Ollama.</summary>
    public bool HasBrewOllama { get; init; }

    /// <summary>Ollama.app runs.</summary>
    public bool HasApp { get; init; }

    /// <summary>OLLAMA_HOST of the login session.</summary>
    public string? SessionHost => Agents.Session.GetValueOrDefault(OllamaHost.Variable);

    /// <summary>Something answers where Ollama is expected.</summary>
    public bool OllamaResponds { get; init; }

    /// <summary>The user's units run without a session (Linux).</summary>
    public bool Lingers { get; init; }
}
