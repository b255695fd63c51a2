namespace FastGate.Proxy.Metrics;

/// <summary>How many requests a rule let through since the start, and whether it is in force now.</summary>
internal sealed record RuleCount(string Rule, long Count, bool InForce);
