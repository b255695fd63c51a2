using System.Net;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Upstream;

namespace FastGate.Config;

/// <summary>What a config means: all that a gate is started with, but for the address behind a name.
/// Immutable.</summary>
internal sealed record GatePlan
{
    private static readonly GateOptions Defaults = new() { Listeners = [] };

    public required IReadOnlyList<PlannedListener> Listeners { get; init; }

    /// <summary>Where Ollama is.</summary>
    public UpstreamName Upstream { get; init; } = UpstreamName.Of(Defaults.Upstream.EndPoint);

    /// <summary>How connections to it are made; its address comes with <see cref="ToOptions"/>.</summary>
    public UpstreamOptions Ollama { get; init; } = Defaults.Upstream;

    /// <summary>The names of its own that the config adds, and the machine's.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    public GateLimits Limits { get; init; } = Defaults.Limits;

    public int Loops { get; init; } = Defaults.Loops;

    public string Backend { get; init; } = Defaults.Backend;

    /// <summary>A file, - for standard output, or null for nowhere.</summary>
    public string? AccessLog { get; init; }

    /// <summary>The Unix socket where the gate tells its numbers; null for none.</summary>
    public string? MetricsSocket { get; init; }

    /// <summary>The loopback port where it tells them as well; 0 for none.</summary>
    public int MetricsPort { get; init; }

    /// <param name="upstream">The address that <see cref="Upstream"/> stands for.</param>
    public GateOptions ToOptions(IPEndPoint upstream) =>
        new()
        {
            Listeners = [.. Listeners.Select(listener => listener.Options)],
            Upstream = Ollama with { EndPoint = upstream },
            Limits = Limits,
            Loops = Loops,
            Backend = Backend,
            AccessLog = AccessLog,
        };
}
