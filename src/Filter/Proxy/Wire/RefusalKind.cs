namespace FastGate.Proxy.Wire;

/// <summary>The occasions on which the gate itself answers.</summary>
internal enum RefusalKind
{
    Policy,
    Host,
    Upgrade,
    Unavailable,
    Shortage,
    BadAnswer,
    Timeout,
    Fault,
}
