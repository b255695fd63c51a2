using System.Text.Json.Serialization;

namespace FastGate.Proxy.Metrics;

/// <summary>The state of a running gate at one moment. Counts are since its start.</summary>
internal sealed record GateSnapshot
{
    public required string Version { get; init; }

    public required int ProcessId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required double UptimeSeconds { get; init; }

    /// <summary>The path of its config file, which may be missing; null if not known.</summary>
    public string? Config { get; init; }

    /// <summary>The URL of the status page; null without a metrics port.</summary>
    public string? StatusPage { get; init; }

    /// <summary>A file, - for standard output, or null for off.</summary>
    public required string? AccessLog { get; init; }

    public required string Backend { get; init; }

    public required int Loops { get; init; }

    /// <summary>Ollama's address.</summary>
    public required string Upstream { get; init; }

    /// <summary>The upstream accepts connections.</summary>
    public required bool UpstreamUp { get; init; }

    /// <summary>Unused connections to the upstream.</summary>
    public required int ReadyConnections { get; init; }

    /// <summary>The limit of open client connections.</summary>
    public required int ConnectionsMax { get; init; }

    /// <summary>Completed requests of <c>doctor</c> and <c>install</c>, which are in no other count.</summary>
    public long ProbeRequests { get; init; }

    /// <summary>Exchanges that have begun and not ended.</summary>
    public required InFlightSnapshot InFlight { get; init; }

    public required IReadOnlyList<ListenerSnapshot> Listeners { get; init; }

    /// <summary>Connections that have ended, by reason.</summary>
    public required IReadOnlyList<NamedCount> ConnectionsClosed { get; init; }

    /// <summary>Lines that the access log has lost; null if it is off.</summary>
    public required long? LogLinesDropped { get; init; }

    /// <summary>Changes to the set of bound addresses.</summary>
    public required long Rebinds { get; init; }

    /// <summary>Tailscale Serve entries that forward clients past the gate, as reported by Tailscale.</summary>
    public IReadOnlyList<BypassSnapshot> Bypasses { get; init; } = [];

    /// <summary>Successful config reloads.</summary>
    public required long Reloads { get; init; }

    /// <summary>Config reloads that failed, because the file was invalid or missing.</summary>
    public required long ReloadsFailed { get; init; }

    /// <summary>How long the gate itself held the bytes of an exchange.</summary>
    public required HistogramSnapshot GateTime { get; init; }

    /// <summary>From the first byte of a request to the first byte of the upstream's response; refusals have
    /// none.</summary>
    public required HistogramSnapshot FirstByteTime { get; init; }

    /// <summary>The same by rule, of all listeners together; the most used rule first.</summary>
    public IReadOnlyList<RuleTimes> FirstByte { get; init; } = [];

    /// <summary>The routes that are refused most, the most frequent first.</summary>
    public IReadOnlyList<RefusedRoute> RefusedRoutes { get; init; } = [];
}

/// <summary>The state of one listener at one moment. Counts are since the start.</summary>
internal sealed record ListenerSnapshot
{
    /// <summary>The address as configured: <c>tailscale:11434</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The addresses that are bound.</summary>
    public required IReadOnlyList<string> Bound { get; init; }

    /// <summary>The addresses that should be bound but cannot be, each with the reason.</summary>
    public IReadOnlyList<string> Unbound { get; init; } = [];

    /// <summary>The number of rules in force.</summary>
    public required int Rules { get; init; }

    public required long ConnectionsOpen { get; init; }

    /// <summary>Accepted connections.</summary>
    public required long Connections { get; init; }

    /// <summary>Connections closed on arrival, by reason.</summary>
    public required IReadOnlyList<NamedCount> ConnectionsRejected { get; init; }

    /// <summary>Completed exchanges, by verdict.</summary>
    public required IReadOnlyList<NamedCount> Verdicts { get; init; }

    /// <summary>Completed exchanges, by class of the response's status.</summary>
    public required IReadOnlyList<NamedCount> Statuses { get; init; }

    /// <summary>Bytes from clients, heads included, of completed exchanges.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Bytes to clients, heads included, of completed exchanges.</summary>
    public required long BytesSent { get; init; }

    /// <summary>Requests allowed by each rule.</summary>
    public required IReadOnlyList<RuleCount> RuleCounts { get; init; }
}

/// <summary>A forwarding entry that takes clients past the gate.</summary>
/// <param name="Command">The command that created it, such as <c>tailscale serve --tcp=11434</c>.</param>
/// <param name="TakenPort">The gate's port whose connections it takes; null if it uses a different port.</param>
/// <param name="Target">The address that it forwards to.</param>
/// <param name="DisableCommand">The command that turns it off.</param>
internal sealed record BypassSnapshot(string Command, int? TakenPort, string Target, string DisableCommand);

/// <summary>A count for one value of a label.</summary>
internal sealed record NamedCount(string Name, long Count);

/// <summary>The number of requests a rule has allowed, and whether it is in force now.</summary>
internal sealed record RuleCount(string Rule, long Count, bool InForce)
{
    /// <summary>Times to the first byte of the upstream's response; null before the first one. The JSON has them by
    /// rule, without the buckets.</summary>
    [JsonIgnore]
    public HistogramSnapshot? FirstByte { get; init; }
}

/// <summary>The times of the requests that one rule has allowed.</summary>
internal sealed record RuleTimes(string Rule, long Count, double P50Seconds, double P99Seconds);

/// <summary>A method and a path that no rule allows.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path as sent, or that of a route of Ollama with its parameters.</param>
/// <param name="Count">It was refused at least so often.</param>
/// <param name="CountMax">It was refused at most so often; the same unless clients have sent very many paths.</param>
/// <param name="Cure">The rule or profile that would allow it, or what to change in the client.</param>
internal sealed record RefusedRoute(string Method, string Path, long Count, long CountMax, string Cure);

/// <summary>The requests in progress at one moment.</summary>
internal sealed record InFlightSnapshot
{
    /// <summary>The most requests that are listed.</summary>
    public const int RequestsMax = 100;

    public required int Count { get; init; }

    /// <summary>All of them, by <see cref="RequestSnapshot.Phase"/>.</summary>
    public required IReadOnlyList<NamedCount> Phases { get; init; }

    /// <summary>The oldest ones, up to <see cref="RequestsMax"/>, the oldest first.</summary>
    public required IReadOnlyList<RequestSnapshot> Requests { get; init; }
}

/// <summary>One request in progress.</summary>
internal sealed record RequestSnapshot
{
    /// <summary>The client's address.</summary>
    public required string Peer { get; init; }

    /// <summary>The listener's name.</summary>
    public required string Listener { get; init; }

    /// <summary>The method as sent; null until the head is complete.</summary>
    public required string? Method { get; init; }

    /// <summary>The path of the rule that allowed the request; null until it is decided, or if it is refused.</summary>
    public required string? Route { get; init; }

    /// <summary>The rule in its canonical form; null as for <see cref="Route"/>.</summary>
    public required string? Rule { get; init; }

    /// <summary>Since the first byte of the request.</summary>
    public required double AgeSeconds { get; init; }

    /// <summary>What is under way: <c>request</c>, <c>waiting</c> (for the upstream) or <c>response</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>Bytes from the client, head included.</summary>
    public required long ReceivedBytes { get; init; }

    /// <summary>Bytes to the client, head included.</summary>
    public required long SentBytes { get; init; }

    /// <summary>About how many tokens of the response were sent: its chunks. Null if it is not chunked.</summary>
    public long? Tokens { get; init; }
}
