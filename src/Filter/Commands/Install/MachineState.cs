using FastGate.Config;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>What is on the machine before anything is changed.</summary>
internal sealed record MachineState
{
    public required ConfigResult Config { get; init; }

    /// <summary>The config that will be written; null as long as that is open, and where there is one.</summary>
    public NewConfig? New { get; init; }

    /// <summary>What the gate will run with.</summary>
    public GatePlan Plan => New?.Plan ?? Config.Plan!;

    public required Journal Journal { get; init; }

    /// <summary>HAProxy's agent is loaded, or its property list is there.</summary>
    public bool HasHaproxy { get; init; }

    public bool IsHaproxyLoaded { get; init; }

    /// <summary>The agent that runs HAProxy; null if there is none, or if its property list cannot be read.</summary>
    public ServerAgent? HaproxyAgent { get; init; }

    public AgentLabel HaproxyLabel => HaproxyAgent?.Known ?? InstallPaths.HaproxyLabel;

    /// <summary>A HAProxy before Ollama that only root can stop; null if there is none.</summary>
    public ServerAgent? SystemsHaproxy { get; init; }

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
    public IReadOnlyList<ServerAgent> ClosableOllamas =>
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
    public bool IsForeignGateKept { get; init; }

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
    public bool OllamaAnswers { get; init; }

    /// <summary>The user's units run without a session (Linux).</summary>
    public bool Lingers { get; init; }
}
