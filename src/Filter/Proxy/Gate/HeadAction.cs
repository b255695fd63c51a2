namespace FastGate.Proxy.Gate;

/// <summary>What is to be done after a look at what a client has sent of a head.</summary>
internal enum HeadAction
{
    /// <summary>Read on.</summary>
    Partial,

    /// <summary>The request is allowed.</summary>
    Forward,

    /// <summary>The request is not.</summary>
    Refuse,

    /// <summary>The connection ends without a reply.</summary>
    End,
}
