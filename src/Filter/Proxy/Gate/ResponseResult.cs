namespace FastGate.Proxy.Gate;

/// <summary>What the bytes of an upstream came to.</summary>
internal enum ResponseResult
{
    /// <summary>More must come.</summary>
    Partial,

    /// <summary>The response has ended with these bytes.</summary>
    Complete,

    /// <summary>It has ended, and more bytes follow that nobody asked for.</summary>
    Surplus,

    /// <summary>This is not a response that can be followed.</summary>
    Fault,

    /// <summary>A 101, which is never spliced.</summary>
    Upgrade,
}
