namespace FastGate.Proxy.Rules;

/// <summary>The meter of tests: one step a byte looked at, and one a look.</summary>
internal struct StepMeter : IMeter
{
    public long Steps { get; private set; }

    public void Add(int bytes) => Steps += bytes + 1;
}
