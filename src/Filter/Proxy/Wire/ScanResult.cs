namespace FastGate.Proxy.Wire;

/// <summary>What a scan says about the bytes it was shown.</summary>
internal enum ScanResult
{
    /// <summary>Good so far, and not at its end. Only the caller knows whether more can come.</summary>
    Partial,
    Complete,

    /// <summary>No bytes that could follow would make it good; the fault stands in the state.</summary>
    Invalid,
}
