namespace FastGate.Proxy.AccessLog;

/// <summary>One line of the access log as it was read: an entry, or the mark of a place where lines are missing.
/// Immutable.</summary>
/// <remarks>A byte that a client sent is one character here, from U+0000 to U+00FF: nothing of it is fit for a terminal
/// yet.</remarks>
internal sealed record LogLine
{
    /// <summary>The word for a request that a rule let through.</summary>
    public const string Allowed = "allowed";

    /// <summary>Stands at the end of a text that the writer has cut.</summary>
    public const char CutMark = '…';

    /// <summary>When the first byte of the request came.</summary>
    public DateTimeOffset Time { get; init; }

    public string Peer { get; init; } = "";

    public string Method { get; init; } = "";

    public string Path { get; init; } = "";

    public string Verdict { get; init; } = "";

    /// <summary>The host name that was refused; null when it was not refused for that, or by an older gate.</summary>
    public string? Host { get; init; }

    public string? Rule { get; init; }

    public long Status { get; init; }

    public long BytesUp { get; init; }

    public long BytesDown { get; init; }

    public double? FirstByteMilliseconds { get; init; }

    public double? DurationMilliseconds { get; init; }

    public double? GateMilliseconds { get; init; }

    /// <summary>The word of a <see cref="CloseReason"/>; null when the connection went on.</summary>
    public string? Close { get; init; }

    /// <summary>How many lines are missing here; 0 for an entry.</summary>
    public long Dropped { get; init; }

    /// <summary>The line as it stands in the file, without its line feed.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The gate said no: no rule, a foreign host, or a request that is malformed. A client that went away was
    /// not refused.</summary>
    public bool IsRefused =>
        Dropped == 0 && Verdict is not (Allowed or "unavailable" or "shortage" or "head-incomplete");

    /// <summary>When the exchange was over.</summary>
    public DateTimeOffset End =>
        Time + TimeSpan.FromMilliseconds(Math.Clamp(DurationMilliseconds ?? 0, 0, int.MaxValue));
}
