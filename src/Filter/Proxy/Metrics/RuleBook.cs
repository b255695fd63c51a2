namespace FastGate.Proxy.Metrics;

/// <summary>
/// The tallies of a listener's rules by their canonical text, so that a rule goes on counting through a reload, and one that
/// comes back goes on where it was. Any thread may call it.
/// </summary>
internal sealed class RuleBook(int loops)
{
    /// <summary>Rules no longer in force that are remembered; beyond that all of them are forgotten.</summary>
    internal const int RetiredMax = 1000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, RuleTally> tallies = new(StringComparer.Ordinal);
    private HashSet<string> inForce = [];

    /// <summary>Says which rules are in force now.</summary>
    /// <returns>The tally of each, in their order.</returns>
    public IReadOnlyList<RuleTally> Enter(IEnumerable<string> rules)
    {
        lock (gate)
        {
            string[] next = [.. rules];
            inForce = new HashSet<string>(next, StringComparer.Ordinal);
            if (tallies.Count > inForce.Count + RetiredMax)
            {
                foreach (string retired in tallies.Keys.Where(rule => !inForce.Contains(rule)).ToArray()) tallies.Remove(retired);
            }
            return [.. next.Select(TallyOf)];
        }
    }

    /// <summary>All that are in force, and those that were and have counted something.</summary>
    public IReadOnlyList<RuleCount> Read()
    {
        lock (gate)
        {
            return [.. tallies.Select(pair => new RuleCount(pair.Key, pair.Value.Count, inForce.Contains(pair.Key)))
                .Where(rule => rule.InForce || rule.Count > 0)];
        }
    }

    private RuleTally TallyOf(string rule)
    {
        if (!tallies.TryGetValue(rule, out RuleTally? tally)) tallies.Add(rule, tally = new RuleTally(loops));
        return tally;
    }
}
