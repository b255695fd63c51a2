using System.Net;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Rules;
using FastGate.Proxy.Upstream;

namespace FastGate.Config;

/// <summary>A config, interpreted: everything needed to start a gate, except the address behind a host name.
/// Immutable.</summary>
internal sealed record GatePlan
{
    private static readonly GateOptions Defaults = new() { Listeners = [] };

    public required IReadOnlyList<PlannedListener> Listeners { get; init; }

    /// <summary>Where Ollama is.</summary>
    public UpstreamName Upstream { get; init; } = UpstreamName.Of(Defaults.Upstream.EndPoint);

    /// <summary>How to connect to Ollama; <see cref="ToOptions"/> adds its address.</summary>
    public UpstreamOptions Ollama { get; init; } = Defaults.Upstream;

    /// <summary>The machine's name, and the names that the config adds.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    public GateLimits Limits { get; init; } = Defaults.Limits;

    public int Loops { get; init; } = Defaults.Loops;

    public string Backend { get; init; } = Defaults.Backend;

    /// <summary>How long a loop polls before it blocks; zero for off, null for auto.</summary>
    public TimeSpan? PollTime { get; init; }

    /// <summary>A file, - for standard output, or null for off.</summary>
    public string? AccessLog { get; init; }

    /// <summary>The Unix socket that serves metrics; null for none.</summary>
    public string? MetricsSocket { get; init; }

    /// <summary>The loopback port that serves metrics; 0 for none.</summary>
    public int MetricsPort { get; init; }

    /// <param name="upstream">The resolved address of <see cref="Upstream"/>.</param>
    public GateOptions ToOptions(IPEndPoint upstream) =>
        new()
        {
            Listeners = [.. Listeners.Select(listener => listener.Options)],
            Upstream = Ollama with { EndPoint = upstream },
            Limits = Limits,
            Loops = Loops,
            Backend = Backend,
            PollTime = PollTime,
            AccessLog = AccessLog,
        };
}

/// <summary>One listener of a plan, and the source of each of its rules.</summary>
/// <param name="Options">The listener's options for the gate.</param>
/// <param name="Allow">The rules, and the line that each comes from.</param>
/// <param name="Lines">The lines of <c>allow</c>, as written.</param>
/// <param name="Location">Where the listener was set.</param>
internal sealed record PlannedListener(
    ListenerOptions Options,
    AllowList Allow,
    IReadOnlyList<Sourced<string>> Lines,
    SourceLocation Location
)
{
    /// <summary>The source of a rule: a profile's name, a line of the file, or a flag.</summary>
    public string OriginOf(int ruleIndex)
    {
        Sourced<string> line = Lines[Allow.LineOf(ruleIndex)];
        if (Allow.IsFromProfile(ruleIndex))
            return line.Value.Trim();
        return line.Location.Line > 0 ? $"line {line.Location.Line}" : line.Location.Source;
    }
}
