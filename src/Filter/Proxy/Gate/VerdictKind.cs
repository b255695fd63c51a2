namespace FastGate.Proxy.Gate;

/// <summary>What became of a request at the gate. The words are those of the access log.</summary>
internal enum VerdictKind
{
    /// <summary>Not judged yet.</summary>
    None,
    Allowed,

    /// <summary>The head is malformed.</summary>
    Fault,

    /// <summary>The head was not complete in time.</summary>
    Late,

    /// <summary>No rule has this path.</summary>
    Path,

    /// <summary>A rule has this path, none with this method.</summary>
    Method,

    /// <summary>A WebSocket is asked for on a path that is open for POST.</summary>
    Upgrade,

    /// <summary>The host is not one of this machine's names.</summary>
    Host,

    /// <summary>Allowed, but Ollama cannot be reached.</summary>
    Unavailable,

    /// <summary>Allowed, but there is nothing left to make a connection with.</summary>
    Shortage,
}
