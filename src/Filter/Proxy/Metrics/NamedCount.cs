namespace FastGate.Proxy.Metrics;

/// <summary>A number and what it counts.</summary>
internal sealed record NamedCount(string Name, long Count);
