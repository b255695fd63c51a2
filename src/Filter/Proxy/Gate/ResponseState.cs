namespace FastGate.Proxy.Gate;

/// <summary>How far the response of an exchange has come.</summary>
internal enum ResponseState
{
    /// <summary>It has not ended yet, and may not have begun.</summary>
    Awaited,

    /// <summary>All of it has been passed.</summary>
    Complete,

    /// <summary>No more of it will come.</summary>
    Failed,
}
