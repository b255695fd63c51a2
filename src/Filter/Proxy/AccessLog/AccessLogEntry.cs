namespace FastGate.Proxy.AccessLog;

/// <summary>The data of one line of the access log: a request, or the end of a connection. Lives only on the
/// stack.</summary>
internal readonly ref struct AccessLogEntry
{
    public AccessLogEntry() { }

    /// <summary>When the first byte of the request arrived.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The client's address as text.</summary>
    public ReadOnlySpan<byte> Peer { get; init; }

    /// <summary>The method as sent; empty if none arrived.</summary>
    public ReadOnlySpan<byte> Method { get; init; }

    /// <summary>The path as sent, without the query; empty if none arrived.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>The canonical form of the rule that allowed the request; otherwise empty.</summary>
    public ReadOnlySpan<byte> Rule { get; init; }

    /// <summary>The outcome: <c>allowed</c>, <c>refused-path</c>, <c>refused-method</c>, <c>refused-upgrade</c>,
    /// <c>refused-host</c>, <c>unavailable</c>, <c>overloaded</c>, <c>head-timeout</c>,
    /// <c>head-incomplete</c>, or the word of a fault.</summary>
    public ReadOnlySpan<byte> Verdict { get; init; }

    /// <summary>The refused host name, without its port. Otherwise empty, and omitted from the line.</summary>
    public ReadOnlySpan<byte> Host { get; init; }

    /// <summary>The response's status code; 0 if none was sent.</summary>
    public int Status { get; init; }

    /// <summary>Bytes from the client, head included.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes to the client, head included.</summary>
    public long BytesSent { get; init; }

    /// <summary>From <see cref="Time"/> to the first byte of the response; -1 if none was sent.</summary>
    public long FirstByteMicroseconds { get; init; } = -1;

    /// <summary>From <see cref="Time"/> to the end of the exchange.</summary>
    public long DurationMicroseconds { get; init; }

    /// <summary>How long the gate itself held the bytes; -1 if the head was never complete.</summary>
    public long GateMicroseconds { get; init; } = -1;

    public CloseReason Close { get; init; }

    /// <summary>The client is doctor or install. Otherwise omitted from the line.</summary>
    public bool IsProbe { get; init; }
}
