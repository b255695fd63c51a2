using System.Net;
using FastGate.Config;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Doctor;

/// <summary>The installation that is examined: what is known of it before, and what the checks have found out so
/// far.</summary>
internal sealed class DoctorContext
{
    /// <param name="site">The machine and the user.</param>
    /// <param name="config">The config as it was read.</param>
    /// <param name="plan">What it means; if it means nothing, what holds without one.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="ollama">The address that the plan's upstream stands for; null if it has none, or is another
    /// machine's affair.</param>
    public DoctorContext(
        HostEnvironment site,
        ConfigResult config,
        GatePlan plan,
        DoctorOptions options,
        IPEndPoint? ollama
    )
    {
        (Site, Config, Plan, Options) = (site, config, plan, options);
        Places = new InstallPaths(site);
        Remedies = new Fixes(this);
        TailscaleTool = new TailscaleTool(this);
        GatePoints = IsRemote
            ? []
            : ListenPlan.Points(
                [.. plan.Listeners.Select(listener => listener.Options.Address)],
                site.Machine.Interfaces
            );
        Rules = IsRemote ? null : plan.Listeners.Select(listener => listener.Options.Policy.Rules).FirstOrDefault();
        Ollama = ollama is null ? null : new DoctorTarget(ollama, $"localhost:{ollama.Port}");
    }

    public HostEnvironment Site { get; }

    public ConfigResult Config { get; }

    public GatePlan Plan { get; }

    public DoctorOptions Options { get; }

    public InstallPaths Places { get; }

    public Fixes Remedies { get; }

    /// <summary>Another machine's gate, of which only the outside is seen.</summary>
    public bool IsRemote => Options.Target is not null;

    /// <summary>The flags with which to examine the same again.</summary>
    public string Description =>
        IsRemote ? $"--target {Options.Target}"
        : Config.Path.IsExplicit ? $"--config {Shell.Word(Config.Path.Path)}"
        : "";

    /// <summary>What the gate has to be bound to now.</summary>
    public IReadOnlyList<ListenPoint> GatePoints { get; }

    /// <summary>Ollama, past the gate; null if it is not known where it is, or not to be reached from here.</summary>
    public DoctorTarget? Ollama { get; }

    /// <summary>What answers there, as far as it was found out.</summary>
    public UpstreamKind Upstream { get; set; }

    public bool OllamaAnswers => Upstream == UpstreamKind.Ollama;

    /// <summary>A door behind which FastGate was found; null until then.</summary>
    public DoctorTarget? Gate { get; set; }

    /// <summary>Why there is no such door.</summary>
    public string GateProblem { get; set; } = "FastGate does not answer";

    /// <summary>The rules of that door, or of the first that there should be; null if nobody here knows them.</summary>
    public RuleSet? Rules { get; set; }

    /// <summary>The model that the tests use.</summary>
    public string? Model { get; set; }

    public string ModelProblem { get; set; } = "no model was found";

    /// <summary>What Tailscale says, asked once.</summary>
    public TailscaleTool TailscaleTool { get; }

    public string OllamaVersion { get; set; } = "";

    /// <summary>Routes that this Ollama was found not to have.</summary>
    public HashSet<string> MissingRoutes { get; } = [];

    /// <summary>What launchd starts as Ollama or as HAProxy; null until somebody has looked.</summary>
    public FoundAgents? Agents { get; set; }

    /// <summary>The same of systemd.</summary>
    public IReadOnlyList<ServerUnit>? Units { get; set; }

    /// <summary>Whether the config allows a request; if nobody here knows, it may.</summary>
    public bool MayAllow(string method, string path) =>
        Rules is null
        || Rules.Match(System.Text.Encoding.ASCII.GetBytes(method), System.Text.Encoding.ASCII.GetBytes(path)).Allowed;

    /// <summary>
    /// Whether a listener's <c>from</c> leaves this machine itself out: then the gate closes each connection of its own
    /// machine, which comes from the address that it goes to.
    /// </summary>
    public bool IsLeftOut(ListenPoint point) =>
        Plan.Listeners[point.Listener].Options.From is { } from
        && !AddressRanges.Contain(from, ServiceChecks.Dialable(point.EndPoint).Address);

    /// <summary>Why a check cannot be made; null if it can.</summary>
    public string? Lacks(Needs needs) =>
        needs.HasFlag(Needs.AnthropicTests) && Options.SkipAnthropicTests ? "--skip-anthropic-tests"
        : needs.HasFlag(Needs.ModelTests) && Options.SkipModelTests ? "--skip-model-tests"
        : needs.HasFlag(Needs.Gate) && Gate is null ? GateProblem
        : (needs.HasFlag(Needs.Ollama) || needs.HasFlag(Needs.Upstream)) && !IsRemote && Upstream == UpstreamKind.None
            ? "Ollama does not answer"
        : needs.HasFlag(Needs.Ollama) && !IsRemote && !OllamaAnswers
            ? $"the upstream is {Upstreams.Name(Upstream)}, not Ollama"
        : needs.HasFlag(Needs.Model) && Model is null ? ModelProblem
        : null;
}
