using System.Net;
using FastGate.Config;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>Reads the state of a machine before an installation. Changes nothing.</summary>
internal sealed class MachineProbe(HostEnvironment environment, InstallPaths paths)
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(10);

    // An ssh login often lacks Homebrew's folder in PATH; the last path is the one inside Ollama.app.
    private static readonly string[] DefaultOllamaPaths =
    [
        "/opt/homebrew/bin/ollama",
        "/usr/local/bin/ollama",
        "/Applications/Ollama.app/Contents/Resources/ollama",
    ];

    private readonly Launchctl _launchctl = new(environment.Runner, environment.UserId);

    /// <exception cref="InvalidDataException">The journal of an earlier installation is invalid.</exception>
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
            Publish = await environment.Publisher.PlanAsync(),
        };
        state = state with { Current = ProgramReceipt.FindCurrent(environment, paths, state) };
        return environment.Machine.IsMac ? ProbeHaproxy(await ProbeAgentsAsync(state)) : await ProbeUnitsAsync(state);
    }

    private async Task<bool> RespondsAsync(GatePlan plan) =>
        plan.Upstream.KnownAddresses is [var address, ..]
        && await environment.Probe.SendAsync(new IPEndPoint(address, plan.Upstream.Port), "GET", "/api/version")
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
        ServerAgent? haproxy = haproxies.FirstOrDefault(agent => !agent.IsSystemWide && agent.Known is not null);
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
            SystemHaproxy = haproxies.FirstOrDefault(agent => agent.IsSystemWide && agent.IsLoaded == true),
            IsForeignGateLoaded = foreign is not null,
            ForeignGatePath =
                File.Exists(foreign?.PropertyListPath)
                && foreign.PropertyListPath != paths.AgentFile(InstallPaths.FastGateLabel)
                    ? foreign.PropertyListPath
                    : null,
            Mac = await MacSystem.ReadAsync(environment, agents, state),
            HasBrewOllama = File.Exists(paths.AgentFile(InstallPaths.BrewOllamaLabel)),
            HasApp =
                environment.HasApplication("Ollama.app")
                && (await environment.Runner.RunAsync("pgrep", ["-x", "Ollama"], CommandTimeout)).Succeeded,
        };
    }

    private MachineState ProbeHaproxy(MachineState state)
    {
        if (!state.HasHaproxy)
            return state;
        AgentPropertyList? agent = state.HaproxyAgent?.Agent;
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
                Addresses = [.. environment.Machine.Interfaces.Select(item => item.Address)],
                OllamaPorts = [state.Plan.Upstream.Port, 11434],
            }
        );
        IReadOnlyList<Rule> rules = state.Plan.Listeners[0].Options.Policy.Rules.Items;
        return state with { HaproxyConfigPath = path, Haproxy = haproxy, Migration = Migration.Of(haproxy, rules) };
    }
}

/// <summary>The state of a machine before anything is changed.</summary>
internal sealed record MachineState
{
    public required ConfigResult Config { get; init; }

    /// <summary>The config that will be written; null until it is decided, and when a config exists.</summary>
    public NewConfig? NewConfig { get; init; }

    /// <summary>The plan that the gate will run with.</summary>
    public GatePlan Plan => NewConfig?.Plan ?? Config.Plan!;

    public required Journal Journal { get; init; }

    /// <summary>What it takes to provide the program.</summary>
    public PublishPlan Publish { get; init; } = PublishPlan.Nothing;

    /// <summary>The receipt of the installed program, if it stays; null if the program is made or replaced.</summary>
    public ProgramReceipt? Current { get; init; }

    /// <summary>Whether HAProxy's agent is loaded or its property list exists (macOS).</summary>
    public bool HasHaproxy { get; init; }

    public bool IsHaproxyLoaded { get; init; }

    /// <summary>The agent that runs HAProxy; null if none was found or its property list cannot be read.</summary>
    public ServerAgent? HaproxyAgent { get; init; }

    public AgentLabel HaproxyLabel => HaproxyAgent?.Known ?? InstallPaths.HaproxyLabel;

    /// <summary>An HAProxy in front of Ollama that only root can stop; null if none runs.</summary>
    public ServerAgent? SystemHaproxy { get; init; }

    /// <summary>Whether HAProxy must be replaced: it leads to Ollama, it uses the gate's port, or its configuration is
    /// unknown.</summary>
    public bool IsHaproxyInTheWay =>
        HasHaproxy
        && (
            Haproxy is null
            || Haproxy.LeadsToOllama
            || Haproxy.AllBinds.Any(bind =>
                Config.Plan!.Listeners.Any(listener => listener.Options.Address.Port == bind.Port)
            )
        );

    /// <summary>HAProxy's configuration; null if it could not be read.</summary>
    public HaproxyConfig? Haproxy { get; init; }

    public string? HaproxyConfigPath { get; init; }

    public Migration? Migration { get; init; }

    /// <summary>The path of Ollama's program; null if it was not found.</summary>
    public string? OllamaProgram { get; init; }

    /// <summary>The agents and daemons that start Ollama or HAProxy (macOS).</summary>
    public FoundAgents Agents { get; init; } = FoundAgents.None;

    /// <summary>Agents and daemons that start Ollama, except this user's Homebrew agent.</summary>
    public IReadOnlyList<ServerAgent> OllamaAgents =>
        [.. Agents.Ollamas.Where(agent => agent.IsSystemWide || agent.Label != InstallPaths.BrewOllamaLabel.Name)];

    /// <summary>Those that listen beyond loopback and whose property list <c>install</c> can change.</summary>
    public IReadOnlyList<ServerAgent> FixableOllamas =>
        [.. OllamaAgents.Where(agent => agent.IsOpen && agent.Obstacle(OllamaHost.Variable) is null)];

    /// <summary>Property lists that are named after Ollama but could not be read, except this user's Homebrew
    /// agent.</summary>
    public IReadOnlyList<UnreadPropertyList> UnreadOllamas =>
        [
            .. Agents.UnreadOllamas.Where(list =>
                Path.GetFileName(list.Path) != InstallPaths.BrewOllamaLabel.PropertyListFileName
            ),
        ];

    /// <summary>The units that start Ollama or HAProxy (Linux).</summary>
    public IReadOnlyList<ServerUnit> Units { get; init; } = [];

    /// <summary>Whether an agent or unit of FastGate's name is loaded or enabled that no installation
    /// registered.</summary>
    public bool IsForeignGateLoaded { get; init; }

    /// <summary>The property list that this agent was loaded from, if it is not in FastGate's own place
    /// (macOS).</summary>
    public string? ForeignGatePath { get; init; }

    /// <summary>Whether an earlier installation registered the gate as a service.</summary>
    public bool IsGateOurs =>
        Journal.Has(ChangeKind.LoadedAgent, InstallPaths.FastGateLabel.Name)
        || Journal.Has(ChangeKind.EnabledUnit, InstallPaths.UnitName)
        || Journal.Has(ChangeKind.StartedUnit, InstallPaths.UnitName);

    /// <summary>The state once Homebrew has installed Ollama.</summary>
    public MachineState WithOfferedOllama() =>
        Mac.OfferedOllama is { } program ? this with { OllamaProgram = program } : this;

    /// <summary>The Mac itself, and what Homebrew can install on it (macOS).</summary>
    public MacSystem Mac { get; init; } = new();

    /// <summary>Whether Homebrew runs Ollama as a service.</summary>
    public bool HasBrewOllama { get; init; }

    /// <summary>Whether Ollama.app is running.</summary>
    public bool HasApp { get; init; }

    /// <summary><c>OLLAMA_HOST</c> of the login session; null if it is not set.</summary>
    public string? SessionHost => Agents.Session.GetValueOrDefault(OllamaHost.Variable);

    /// <summary>Whether Ollama's address responds.</summary>
    public bool OllamaResponds { get; init; }

    /// <summary>Whether the user's units run without a login session (Linux).</summary>
    public bool Lingers { get; init; }
}
