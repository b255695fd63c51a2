namespace FastGate.Proxy.Listening;

/// <summary>Why there may be no address of Tailscale, as far as its daemon says.</summary>
internal enum TailscaleState
{
    /// <summary>No daemon answers where it usually does. It may run all the same: on a Mac the app's has no such
    /// socket.</summary>
    Unknown,

    /// <summary>It runs, and passes the tailnet's packets on itself, without an interface.</summary>
    Userspace,

    LoggedOut,

    AwaitsApproval,

    Stopped,

    Starting,

    /// <summary>It runs and has an interface.</summary>
    Running,
}
