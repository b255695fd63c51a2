namespace FastGate.Proxy.Rules;

/// <summary>The meter of real requests: none.</summary>
internal readonly struct NoMeter : IMeter
{
    public void Add(int bytes) { }
}
