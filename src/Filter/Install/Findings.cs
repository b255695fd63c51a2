using FastGate.Config;
using FastGate.Launchd;

namespace FastGate.Install;

/// <summary>What is on the machine before anything is changed.</summary>
internal sealed record Findings
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

    /// <summary>It leads to Ollama, has the gate's port, or nobody knows: then both cannot be there.</summary>
    public bool IsHaproxyInTheWay => HasHaproxy && (Haproxy is null || Haproxy.LeadsToOllama
        || Haproxy.AllBinds.Any(bind => Config.Plan!.Listeners.Any(listener => listener.Options.Address.Port == bind.Port)));

    /// <summary>Its configuration, if it could be read.</summary>
    public HaproxyConfig? Haproxy { get; init; }

    public string? HaproxyConfigPath { get; init; }

    public Migration? Migration { get; init; }

    /// <summary>Ollama's program.</summary>
    public string? OllamaProgram { get; init; }

    /// <summary>There is a property list com.ollama.</summary>
    public bool HasOllamaAgent { get; init; }

    /// <summary>What it says; null if it cannot be read.</summary>
    public WrittenAgent? OllamaAgent { get; init; }

    public bool IsOllamaLoaded { get; init; }

    /// <summary>Homebrew keeps Ollama.</summary>
    public bool HasBrewOllama { get; init; }

    /// <summary>Ollama.app runs.</summary>
    public bool HasApp { get; init; }

    /// <summary>OLLAMA_HOST of the login session.</summary>
    public string? SessionHost { get; init; }

    /// <summary>Something answers where Ollama is expected.</summary>
    public bool OllamaAnswers { get; init; }

    /// <summary>The user's units run without a session (Linux).</summary>
    public bool Lingers { get; init; }

    /// <summary>Where Ollama of the agent com.ollama would listen, as far as it is said.</summary>
    public string? OllamaAgentHost => OllamaAgent?.Variable(OllamaHost.Variable) ?? SessionHost;

    /// <summary>There is an agent that lets others than this machine reach Ollama, or nobody knows.</summary>
    public bool IsOllamaAgentOpen => HasOllamaAgent
        && (OllamaAgent is null || (OllamaAgentHost is { } host && !OllamaHost.IsLoopback(host)));
}
