using System.Net;
using System.Text;
using FastGate.Config;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Doctor;

/// <summary>
/// The installation that doctor checks: what is known before the first check, and the facts that several checks need.
/// The first check that needs a fact reads it, and it never changes after that, so checks depend on no order. One check
/// at a time.
/// </summary>
internal sealed class DoctorContext
{
    private readonly Dictionary<IPEndPoint, Cached<Identity>> _identities = [];
    private readonly Cached<FoundUpstream> _upstream;
    private readonly Cached<FoundGate> _gate;
    private readonly Cached<FoundModel> _model;
    private readonly Cached<StreamComparison> _streams;
    private readonly Cached<ServiceStatus> _gateService;
    private readonly Cached<ServiceStatus> _ollamaService;
    private readonly Cached<FoundAgents> _agents;
    private readonly Cached<IReadOnlyList<ServerUnit>> _units;
    private readonly Cached<IReadOnlyList<ListeningSocket>?> _sockets;

    /// <param name="host">The machine and the user.</param>
    /// <param name="config">The config as it was read.</param>
    /// <param name="plan">What the config means; if it is invalid, the plan of the defaults.</param>
    /// <param name="options">What the user asked for.</param>
    /// <param name="endPoint">The address of the plan's upstream or, with a target, of the target; null if its name has
    /// none.</param>
    public DoctorContext(
        HostEnvironment host,
        ConfigResult config,
        GatePlan plan,
        DoctorOptions options,
        IPEndPoint? endPoint
    )
    {
        (Host, Config, Plan, Options) = (host, config, plan, options);
        Paths = new InstallPaths(host);
        Fixes = new Fixes(this);
        Tailscale = new TailscaleTool(this);
        GatePoints = IsRemote
            ? []
            : ListenPlan.Points(
                [.. plan.Listeners.Select(listener => listener.Options.Address)],
                host.Machine.Interfaces
            );
        if (options.Target is { } target)
            RemoteGate = endPoint is null ? null : new ProbeTarget(endPoint, target.ToString());
        else
            Ollama = endPoint is null ? null : new ProbeTarget(endPoint, $"localhost:{endPoint.Port}");
        ApiRoutes = new ApiRoutes(this);

        _upstream = new(probe => FoundUpstream.FindAsync(this, probe));
        _gate = new(probe => FoundGate.FindAsync(this, probe));
        _model = new(probe => FoundModel.FindAsync(this, probe));
        _streams = new(probe => StreamComparison.ReadAsync(this, probe));
        _gateService = new(probe => ServiceStatus.OfGateAsync(host, probe));
        _ollamaService = new(probe => ServiceStatus.OfUnitAsync(host, probe, UnitChecks.OllamaUnit, ofSystem: true));
        _agents = new(probe => new AgentSearch(host, Paths, new Launchctl(probe, host.UserId)).FindAsync());
        _units = new(probe => new UnitSearch(new Systemctl(probe, host.UserName)).FindAsync());
        _sockets = new(probe => ListeningSockets.ReadAsync(host.Machine.IsMac, probe));
    }

    public HostEnvironment Host { get; }

    public ConfigResult Config { get; }

    public GatePlan Plan { get; }

    public DoctorOptions Options { get; }

    public InstallPaths Paths { get; }

    public Fixes Fixes { get; }

    /// <summary>What Tailscale's program reports.</summary>
    public TailscaleTool Tailscale { get; }

    /// <summary>The routes of the OpenAI and Anthropic APIs that this Ollama has.</summary>
    public ApiRoutes ApiRoutes { get; }

    /// <summary>Whether the gate runs on another machine, so that only what a client can see is checked.</summary>
    public bool IsRemote => Options.Target is not null;

    /// <summary>The flags that run doctor on the same installation again.</summary>
    public string Flags =>
        IsRemote ? $"--target {Options.Target}"
        : Config.Path.IsExplicit ? $"--config {ShellWords.Quote(Config.Path.Path)}"
        : "";

    /// <summary>What the gate has to listen on now.</summary>
    public IReadOnlyList<ListenPoint> GatePoints { get; }

    /// <summary>The upstream, past the gate; null if its address is unknown, or it cannot be reached from
    /// here.</summary>
    public ProbeTarget? Ollama { get; }

    /// <summary>The target; null if it has no address, or without a target.</summary>
    public ProbeTarget? RemoteGate { get; }

    /// <summary>The rules of the first listener; null for another machine's gate.</summary>
    public RuleSet? ConfiguredRules =>
        IsRemote ? null : Plan.Listeners.Select(listener => listener.Options.Policy.Rules).FirstOrDefault();

    /// <summary>What responds where the upstream should be.</summary>
    public Task<FoundUpstream> UpstreamAsync(CheckProbe probe) => _upstream.GetAsync(probe);

    /// <summary>Where FastGate responds.</summary>
    public Task<FoundGate> GateAsync(CheckProbe probe) => _gate.GetAsync(probe);

    /// <summary>The model that the checks use.</summary>
    public Task<FoundModel> ModelAsync(CheckProbe probe) => _model.GetAsync(probe);

    /// <summary>The streams that the streaming checks compare; needs a gate and a model.</summary>
    public Task<StreamComparison> StreamsAsync(CheckProbe probe) => _streams.GetAsync(probe);

    /// <summary>What responds at an address of this machine, or at the target.</summary>
    public Task<Identity> IdentityAsync(CheckProbe probe, IPEndPoint endPoint)
    {
        if (!_identities.TryGetValue(endPoint, out Cached<Identity>? identity))
        {
            identity = new(reader => Identity.FindAsync(bytes => reader.SendRawAsync(ProbeTarget.At(endPoint), bytes)));
            _identities.Add(endPoint, identity);
        }
        return identity.GetAsync(probe);
    }

    /// <summary>The agent or unit that runs the gate.</summary>
    public Task<ServiceStatus> GateServiceAsync(CheckProbe probe) => _gateService.GetAsync(probe);

    /// <summary>The unit of Ollama's own installer, on Linux.</summary>
    public Task<ServiceStatus> OllamaServiceAsync(CheckProbe probe) => _ollamaService.GetAsync(probe);

    /// <summary>The agents and daemons that start Ollama or HAProxy, on macOS.</summary>
    public Task<FoundAgents> AgentsAsync(CheckProbe probe) => _agents.GetAsync(probe);

    /// <summary>The units that start Ollama or HAProxy, on Linux.</summary>
    public Task<IReadOnlyList<ServerUnit>> UnitsAsync(CheckProbe probe) => _units.GetAsync(probe);

    /// <summary>The listening sockets of this machine; null if the system does not list them.</summary>
    public Task<IReadOnlyList<ListeningSocket>?> SocketsAsync(CheckProbe probe) => _sockets.GetAsync(probe);

    /// <summary>Whether the gate's rules allow a request; true if they are unknown here.</summary>
    public async Task<bool> MayAllowAsync(CheckProbe probe, string method, string path) =>
        Allows((await GateAsync(probe)).Rules, method, path);

    /// <summary>Whether rules allow a request; true without rules.</summary>
    public static bool Allows(RuleSet? rules, string method, string path) =>
        rules is null || rules.Match(Encoding.ASCII.GetBytes(method), Encoding.ASCII.GetBytes(path)).Allowed;

    /// <summary>
    /// Whether a listener's <c>from</c> excludes this machine itself. Then the gate closes each connection of its own
    /// machine, which comes from the address that it goes to.
    /// </summary>
    public bool IsExcluded(ListenPoint point) =>
        Plan.Listeners[point.Listener].Options.From is { } from
        && !AddressRanges.Contain(from, FoundGate.Dialable(point.EndPoint).Address);

    /// <summary>Why a check cannot run; null if it can.</summary>
    public async Task<string?> MissingAsync(CheckProbe probe, Needs needs)
    {
        if (needs.HasFlag(Needs.AnthropicTests) && Options.SkipAnthropicTests)
            return "--skip-anthropic-tests";
        if (needs.HasFlag(Needs.ModelTests) && Options.SkipModelTests)
            return "--skip-model-tests";
        if (needs.HasFlag(Needs.Gate) && await GateAsync(probe) is { Target: null } gate)
            return gate.Problem;
        if ((needs & (Needs.Ollama | Needs.Upstream)) != 0 && !IsRemote)
        {
            FoundUpstream upstream = await UpstreamAsync(probe);
            if (upstream.Kind == UpstreamKind.None)
                return "Ollama does not respond";
            if (needs.HasFlag(Needs.Ollama) && upstream.Kind != UpstreamKind.Ollama)
                return $"the upstream is {Upstreams.Name(upstream.Kind)}, not Ollama";
        }
        return needs.HasFlag(Needs.Model) && await ModelAsync(probe) is { Name: null } model ? model.Problem : null;
    }
}

/// <summary>A fact that several checks need: read once, by the first check that needs it. A failure is kept as
/// well.</summary>
/// <param name="readAsync">Reads it; no check's time limit ends it.</param>
internal sealed class Cached<T>(Func<CheckProbe, Task<T>> readAsync)
{
    private Task<T>? _value;

    public Task<T> GetAsync(CheckProbe probe) => _value ??= readAsync(probe.WithoutTimeout());
}

/// <summary>What a check cannot run without; if it is missing, the check is skipped with the reason.</summary>
[Flags]
internal enum Needs
{
    Nothing = 0,

    /// <summary>Ollama responds, past the gate.</summary>
    Ollama = 1,

    /// <summary>FastGate responds.</summary>
    Gate = 2,

    /// <summary>A model that can chat is installed.</summary>
    Model = 4,

    /// <summary>The user wants checks that run a model.</summary>
    ModelTests = 8,

    /// <summary>The user wants checks of the Anthropic API.</summary>
    AnthropicTests = 16,

    /// <summary>Ollama, or another recognized server, responds past the gate.</summary>
    Upstream = 32,
}

/// <summary>The options of <c>doctor</c>.</summary>
internal sealed record DoctorOptions
{
    /// <summary>The word that starts this program in a shell.</summary>
    public string Program { get; init; } = "fastgate";

    public bool SkipModelTests { get; init; }

    public bool SkipAnthropicTests { get; init; }

    /// <summary>A gate on another machine; null for that of this machine's config.</summary>
    public UpstreamName? Target { get; init; }
}
