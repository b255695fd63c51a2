namespace FastGate.Commands.Run;

/// <summary>What can happen to a running gate from outside.</summary>
internal enum GateEvent
{
    /// <summary>SIGTERM or SIGINT: finish what is in flight, and end.</summary>
    Stop,

    /// <summary>SIGHUP, or the config file has changed.</summary>
    Reload,

    /// <summary>A loop has ended by itself.</summary>
    Failed,
}
