namespace FastGate.Proxy.Metrics;

/// <summary>All that a running gate tells of itself, at one moment. Counts are since its start.</summary>
internal sealed record GateSnapshot
{
    public required string Version { get; init; }

    public required int ProcessId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required double UptimeSeconds { get; init; }

    /// <summary>The file that it was started with, which need not be there; null when nobody says.</summary>
    public string? Config { get; init; }

    /// <summary>A file, - for standard output, or null for nowhere.</summary>
    public required string? AccessLog { get; init; }

    public required string Backend { get; init; }

    public required int Loops { get; init; }

    /// <summary>Where Ollama is.</summary>
    public required string Upstream { get; init; }

    /// <summary>Connections to it that are ready.</summary>
    public required int ReadyConnections { get; init; }

    /// <summary>Client connections that may be open.</summary>
    public required int ConnectionsMax { get; init; }

    /// <summary>Exchanges that have begun and are not over.</summary>
    public required int InFlight { get; init; }

    public required IReadOnlyList<ListenerSnapshot> Listeners { get; init; }

    /// <summary>Connections that have ended, by the reason.</summary>
    public required IReadOnlyList<NamedCount> Closes { get; init; }

    /// <summary>Lines that the access log has lost; null when it is off.</summary>
    public required long? LogLinesDropped { get; init; }

    /// <summary>How often what is bound has changed since the start.</summary>
    public required long Rebinds { get; init; }

    /// <summary>What Tailscale Serve forwards past the gate, as far as Tailscale says.</summary>
    public IReadOnlyList<BypassSnapshot> Bypasses { get; init; } = [];

    /// <summary>Configs that were taken up while running.</summary>
    public required long Reloads { get; init; }

    /// <summary>Configs that were not, because of their mistakes.</summary>
    public required long ReloadsRefused { get; init; }

    /// <summary>How long the gate itself held the bytes of an exchange.</summary>
    public required HistogramSnapshot GateTime { get; init; }

    /// <summary>From the first byte of a request to the first byte of its response.</summary>
    public required HistogramSnapshot FirstByteTime { get; init; }
}
