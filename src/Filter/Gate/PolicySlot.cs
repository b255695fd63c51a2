namespace FastGate.Gate;

/// <summary>Where a listener's present policy is read from, once a request. Any thread may swap it.</summary>
internal sealed class PolicySlot(GatePolicy policy)
{
    private volatile GatePolicy present = policy;

    public GatePolicy Present
    {
        get => present;
        set => present = value;
    }
}
