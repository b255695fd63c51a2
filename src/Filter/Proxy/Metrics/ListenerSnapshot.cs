namespace FastGate.Proxy.Metrics;

/// <summary>What a listener has come to at one moment.</summary>
internal sealed record ListenerSnapshot
{
    /// <summary>As the config says it: <c>tailscale:11434</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The addresses that are bound.</summary>
    public required IReadOnlyList<string> Bound { get; init; }

    /// <summary>The addresses that it ought to be bound to and cannot, each with the reason.</summary>
    public IReadOnlyList<string> Unbound { get; init; } = [];

    public required int Rules { get; init; }

    public required long ConnectionsOpen { get; init; }

    /// <summary>Let in since the start.</summary>
    public required long Connections { get; init; }

    /// <summary>Closed at once, by the reason.</summary>
    public required IReadOnlyList<NamedCount> TurnedAway { get; init; }

    /// <summary>Exchanges that are over, by what became of them.</summary>
    public required IReadOnlyList<NamedCount> Verdicts { get; init; }

    /// <summary>The same by the class of the status that the client was sent.</summary>
    public required IReadOnlyList<NamedCount> Statuses { get; init; }

    /// <summary>From clients, heads included, of exchanges that are over.</summary>
    public required long BytesUp { get; init; }

    /// <summary>To clients, heads included, of exchanges that are over.</summary>
    public required long BytesDown { get; init; }

    /// <summary>What each rule let through.</summary>
    public required IReadOnlyList<RuleCount> RuleCounts { get; init; }
}
