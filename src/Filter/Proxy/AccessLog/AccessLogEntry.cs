namespace FastGate.Proxy.AccessLog;

/// <summary>What one request, or the end of one connection, says in the access log. It lives on the stack
/// only.</summary>
internal readonly ref struct AccessLogEntry
{
    public AccessLogEntry() { }

    /// <summary>When the first byte of the request came.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The client's address as text.</summary>
    public ReadOnlySpan<byte> Peer { get; init; }

    /// <summary>The method as it was sent; empty if there was none.</summary>
    public ReadOnlySpan<byte> Method { get; init; }

    /// <summary>The path as it was sent, without the query; empty if there was none.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>The canonical form of the rule that allowed the request; empty if none did.</summary>
    public ReadOnlySpan<byte> Rule { get; init; }

    /// <summary>A word: <c>allowed</c>, <c>refused-path</c>, <c>refused-method</c>, <c>refused-upgrade</c>,
    /// <c>refused-host</c>, <c>unavailable</c>, <c>shortage</c>, or the word of a fault.</summary>
    public ReadOnlySpan<byte> Verdict { get; init; }

    /// <summary>The host name that was refused, without its port; empty, and then not in the line, for everything
    /// else.</summary>
    public ReadOnlySpan<byte> Host { get; init; }

    /// <summary>The status code that the client was sent; 0 if none was.</summary>
    public int Status { get; init; }

    /// <summary>Bytes from the client, head included.</summary>
    public long BytesUp { get; init; }

    /// <summary>Bytes to the client, head included.</summary>
    public long BytesDown { get; init; }

    /// <summary>From <see cref="Time"/> to the first byte of the response; -1 if there was none.</summary>
    public long FirstByteMicroseconds { get; init; } = -1;

    /// <summary>From <see cref="Time"/> to the end of the exchange.</summary>
    public long DurationMicroseconds { get; init; }

    /// <summary>How long the gate itself held the bytes; -1 if it never had a whole head.</summary>
    public long GateMicroseconds { get; init; } = -1;

    public CloseReason Close { get; init; }
}
