using System.Net;
using System.Text;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Rules;

namespace FastGate.Proxy.Gate;

/// <summary>The rules and host names that a listener applies to each request. Immutable; a reload replaces it as a
/// whole.</summary>
internal sealed record GatePolicy
{
    public required RuleSet Rules { get; init; }

    public required HostNames Hosts { get; init; }

    /// <summary>True passes <c>Host</c> unchanged and unchecked.</summary>
    public bool PreserveHost { get; init; }

    /// <summary>
    /// True passes content with every method; otherwise only with those for which every server reads it
    /// (<see cref="Wire.ContentMethods"/>).
    /// </summary>
    public bool AllowsContentOnGet { get; init; }

    /// <summary>The new value of <c>Host</c>: <c>localhost</c> and the upstream's port, which Ollama always
    /// accepts.</summary>
    public required ReadOnlyMemory<byte> UpstreamHost { get; init; }

    /// <summary>The counter of each rule, in the order of the rules; empty until a <see cref="PolicySlot"/> has the
    /// policy.</summary>
    public IReadOnlyList<RuleTally> Tallies { get; init; } = [];

    public static ReadOnlyMemory<byte> UpstreamHostFor(IPEndPoint upstream) =>
        Encoding.ASCII.GetBytes($"localhost:{upstream.Port}");
}

/// <summary>
/// What the connections of a listener share: its current policy, read once for each request and replaced from any
/// thread, and the listener's counters.
/// </summary>
internal sealed class PolicySlot
{
    private volatile GatePolicy _present;

    /// <param name="policy">The policy to begin with.</param>
    /// <param name="listener">The listener's index.</param>
    /// <param name="loops">The number of loops that count.</param>
    public PolicySlot(GatePolicy policy, int listener, int loops)
    {
        Listener = listener;
        Rules = new RuleBook(loops);
        _present = Entered(policy);
    }

    public int Listener { get; }

    public ConnectionTally Connections { get; } = new();

    public RuleBook Rules { get; }

    public GatePolicy Current
    {
        get => _present;
        set => _present = Entered(value);
    }

    private GatePolicy Entered(GatePolicy policy) =>
        policy with
        {
            Tallies = Rules.SetInForce(policy.Rules.Items.Select(rule => rule.ToString())),
        };
}
