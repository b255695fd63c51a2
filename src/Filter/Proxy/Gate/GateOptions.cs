using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using FastGate.Proxy.Upstream;

namespace FastGate.Proxy.Gate;

/// <summary>Everything a gate is started with.</summary>
internal sealed record GateOptions
{
    public required IReadOnlyList<ListenerOptions> Listeners { get; init; }

    public UpstreamOptions Upstream { get; init; } = new();

    public GateLimits Limits { get; init; } = new();

    /// <summary>
    /// Threads that serve connections. One carries what two of HAProxy's do (35 to 39 thousand requests a second,
    /// measured), and Ollama on the same machine needs the other cores more.
    /// </summary>
    public int Loops { get; init; } = 1;

    /// <summary>The values of <see cref="Backend"/>.</summary>
    public static IReadOnlyList<string> BackendNames => Backends.Names;

    /// <summary>How the loops wait: <c>auto</c>, <c>epoll</c>, <c>kqueue</c> or <c>portable</c>.</summary>
    public string Backend { get; init; } = "auto";

    /// <summary>How long a loop polls its sockets before it blocks; zero means never, null lets
    /// <see cref="BusyPoll"/> decide.</summary>
    public TimeSpan? PollTime { get; init; }

    /// <summary>Reports why the Tailscale address is missing, and what Tailscale Serve forwards.</summary>
    public TailscaleDaemon Tailscale { get; init; } = TailscaleDaemon.Default;

    /// <summary>The file of the access log; <c>-</c> for standard output, null for none.</summary>
    public string? AccessLog { get; init; }
}

/// <summary>One listener: its address, its peers and its policy.</summary>
internal sealed record ListenerOptions
{
    public required ListenAddress Address { get; init; }

    public required GatePolicy Policy { get; init; }

    /// <summary>The peers that may connect; null for <see cref="ListenPlan.DefaultFrom"/>.</summary>
    public IReadOnlyList<AddressRange>? From { get; init; }
}
