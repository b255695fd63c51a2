using FastGate.Proxy.Metrics;

namespace FastGate.Proxy.Gate;

/// <summary>
/// What the connections of a listener share: its present policy, which is read once a request and which any thread may
/// swap, and the counts that are the listener's.
/// </summary>
internal sealed class PolicySlot
{
    private volatile GatePolicy _present;

    /// <param name="policy">The policy to begin with.</param>
    /// <param name="listener">The listener's number.</param>
    /// <param name="loops">How many loops count.</param>
    public PolicySlot(GatePolicy policy, int listener, int loops)
    {
        Listener = listener;
        Rules = new RuleBook(loops);
        _present = Entered(policy);
    }

    public int Listener { get; }

    public ConnectionTally Connections { get; } = new();

    public RuleBook Rules { get; }

    public GatePolicy Present
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
