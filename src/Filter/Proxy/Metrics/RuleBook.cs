namespace FastGate.Proxy.Metrics;

/// <summary>
/// The tallies of a listener's rules by their canonical text, so that a rule goes on counting through a reload, and one
/// that comes back goes on where it was. Any thread may call it.
/// </summary>
internal sealed class RuleBook(int loops)
{
    /// <summary>Rules no longer in force that are remembered; beyond that all of them are forgotten.</summary>
    internal const int RetiredMax = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RuleTally> _tallies = new(StringComparer.Ordinal);
    private HashSet<string> _inForce = [];

    /// <summary>Says which rules are in force now.</summary>
    /// <returns>The tally of each, in their order.</returns>
    public IReadOnlyList<RuleTally> Enter(IEnumerable<string> rules)
    {
        lock (_gate)
        {
            string[] next = [.. rules];
            _inForce = new HashSet<string>(next, StringComparer.Ordinal);
            if (_tallies.Count > _inForce.Count + RetiredMax)
            {
                foreach (string retired in _tallies.Keys.Where(rule => !_inForce.Contains(rule)).ToArray())
                    _tallies.Remove(retired);
            }
            return [.. next.Select(TallyOf)];
        }
    }

    /// <summary>All that are in force, and those that were and have counted something.</summary>
    public IReadOnlyList<RuleCount> Read()
    {
        lock (_gate)
        {
            return
            [
                .. _tallies
                    .Select(pair => new RuleCount(pair.Key, pair.Value.Count, _inForce.Contains(pair.Key)))
                    .Where(rule => rule.InForce || rule.Count > 0),
            ];
        }
    }

    private RuleTally TallyOf(string rule)
    {
        if (!_tallies.TryGetValue(rule, out RuleTally? tally))
            _tallies.Add(rule, tally = new RuleTally(loops));
        return tally;
    }
}
