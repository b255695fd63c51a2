using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using FastGate.Proxy.Upstream;

namespace FastGate.Proxy.Gate;

/// <summary>All that a gate is started with.</summary>
internal sealed record GateOptions
{
    public required IReadOnlyList<ListenerOptions> Listeners { get; init; }

    public UpstreamOptions Upstream { get; init; } = new();

    public GateLimits Limits { get; init; } = new();

    /// <summary>
    /// Threads that serve connections. One carries what two of HAProxy's do (35 to 39 thousand requests a second,
    /// measured), and Ollama on the same machine has better use for the other cores.
    /// </summary>
    public int Loops { get; init; } = 1;

    /// <summary>What <see cref="Backend"/> can be.</summary>
    public static IReadOnlyList<string> BackendNames => Backends.Names;

    /// <summary>How the loops wait: <c>auto</c>, <c>epoll</c>, <c>kqueue</c> or <c>portable</c>.</summary>
    public string Backend { get; init; } = "auto";

    /// <summary>Whom to ask why there is no Tailscale address, and what Tailscale Serve forwards.</summary>
    public TailscaleDaemon Tailscale { get; init; } = TailscaleDaemon.Usual;

    /// <summary>Where the access log goes: a file, <c>-</c> for standard output, or null for nowhere.</summary>
    public string? AccessLog { get; init; }
}
