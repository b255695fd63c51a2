using System.Net;
using System.Text;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Rules;

namespace FastGate.Proxy.Gate;

/// <summary>By what a listener judges each request. Immutable; a reload swaps it whole.</summary>
internal sealed record GatePolicy
{
    public required RuleSet Rules { get; init; }

    public required HostNames Hosts { get; init; }

    /// <summary>True leaves <c>Host</c> as it came, and asks nothing of it.</summary>
    public bool PreserveHost { get; init; }

    /// <summary>
    /// True passes content with every method. Otherwise only with those that every server reads it of
    /// (<see cref="Wire.ContentMethods"/>).
    /// </summary>
    public bool AllowsContentOnGet { get; init; }

    /// <summary>What <c>Host</c> becomes: <c>localhost</c> and the upstream's port, which Ollama always
    /// accepts.</summary>
    public required ReadOnlyMemory<byte> UpstreamHost { get; init; }

    /// <summary>Where each rule is counted, in their order; empty until a listener has it
    /// (<see cref="PolicySlot"/>).</summary>
    public IReadOnlyList<RuleTally> Tallies { get; init; } = [];

    public static ReadOnlyMemory<byte> UpstreamHostFor(IPEndPoint upstream) =>
        Encoding.ASCII.GetBytes($"localhost:{upstream.Port}");
}
