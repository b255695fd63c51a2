using FastGate.Proxy.Listening;

namespace FastGate.Proxy.Gate;

/// <summary>One thing to listen on: where, for whom, and by what policy.</summary>
internal sealed record ListenerOptions
{
    public required ListenAddress Address { get; init; }

    public required GatePolicy Policy { get; init; }

    /// <summary>The peers that may connect; null for what <see cref="ListenPlan.DefaultFrom"/> says.</summary>
    public IReadOnlyList<AddressRange>? From { get; init; }
}
