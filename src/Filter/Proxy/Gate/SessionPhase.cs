namespace FastGate.Proxy.Gate;

/// <summary>
/// What a <see cref="Session"/> is doing, and so what it waits for. ARCHITECTURE.md has the chart of the transitions;
/// <c>SessionPhaseTests</c> fails on any other.
/// </summary>
internal enum SessionPhase : byte
{
    /// <summary>Waits for the first byte of a request. Holds sockets and no buffer.</summary>
    Idle,

    /// <summary>Waits for the rest of a head.</summary>
    ReadingHead,

    /// <summary>Waits for a connection to Ollama.</summary>
    Connecting,

    /// <summary>Writes the head or content to Ollama. The client is not read meanwhile.</summary>
    SendingRequest,

    /// <summary>Waits for the client to send more content.</summary>
    ReadingContent,

    /// <summary>The request has gone up, as far as it can. Watches the client while the response comes down.</summary>
    AwaitingResponse,

    /// <summary>Writes the gate's own response: a refusal, a timeout, or "Ollama is unavailable".</summary>
    Replying,

    /// <summary>Has sent its end, and discards what the client still sends (RFC 9112 §9.6).</summary>
    Lingering,

    /// <summary>Everything the session borrowed has been returned.</summary>
    Closed,
}

/// <summary>Why <see cref="Session.Wake"/> interrupts the wait of a session.</summary>
[Flags]
internal enum WakeReason : byte
{
    None = 0,

    /// <summary>The response has ended, or the exchange was given up.</summary>
    ExchangeOver = 1,

    /// <summary>The deadline of the current phase has expired.</summary>
    Deadline = 2,

    /// <summary>Content arrives below the minimum rate.</summary>
    ContentTooSlow = 4,

    /// <summary>The gate is stopping.</summary>
    Shutdown = 8,
}
