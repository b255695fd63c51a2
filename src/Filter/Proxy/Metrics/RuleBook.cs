namespace FastGate.Proxy.Metrics;

/// <summary>
/// The tallies of a listener's rules, by canonical text: a rule keeps its count across reloads, even if it is absent
/// for a while. Any thread may call it.
/// </summary>
internal sealed class RuleBook(int loops)
{
    /// <summary>The number of rules no longer in force to keep; beyond it, all of them are dropped.</summary>
    internal const int RetiredMax = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RuleTally> _tallies = new(StringComparer.Ordinal);
    private HashSet<string> _inForce = [];

    /// <summary>Sets the rules in force.</summary>
    /// <returns>The tally of each rule, in the rules' order.</returns>
    public IReadOnlyList<RuleTally> SetInForce(IEnumerable<string> rules)
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

    /// <summary>Returns the rules in force, and earlier ones that have allowed a request.</summary>
    public IReadOnlyList<RuleCount> Read()
    {
        lock (_gate)
        {
            return
            [
                .. _tallies.Select(pair => ReadOf(pair.Key, pair.Value)).Where(rule => rule.InForce || rule.Count > 0),
            ];
        }
    }

    /// <summary>Returns the tallies of the rules that <see cref="Read"/> returns.</summary>
    public IReadOnlyList<(string Rule, RuleTally Tally)> Tallies()
    {
        lock (_gate)
            return [.. _tallies.Select(pair => (pair.Key, pair.Value))];
    }

    private RuleCount ReadOf(string rule, RuleTally tally)
    {
        // Before the requests, of which they are a part.
        HistogramReading firstByte = new();
        tally.AddFirstByteTo(firstByte);
        return new RuleCount(rule, tally.Count, _inForce.Contains(rule))
        {
            FirstByte = firstByte.IsEmpty ? null : firstByte.ToSnapshot(),
        };
    }

    private RuleTally TallyOf(string rule)
    {
        if (!_tallies.TryGetValue(rule, out RuleTally? tally))
            _tallies.Add(rule, tally = new RuleTally(loops));
        return tally;
    }
}

/// <summary>Counts the requests that one rule of one listener has allowed, and times their responses, on each loop
/// separately. Any thread may read.</summary>
internal sealed class RuleTally(int loops)
{
    // A cache line for each loop, to avoid false sharing.
    private const int Apart = 8;

    private readonly long[] _cells = new long[loops * Apart];

    // Made by a rule's first response: most of the 30,000 rules that fit into a config are never used.
    private readonly Histogram?[] _firstByte = new Histogram?[loops];

    public long Count
    {
        get
        {
            long all = 0;
            for (int i = 0; i < _cells.Length; i += Apart)
                all += Cell.Read(ref _cells[i]);
            return all;
        }
    }

    /// <param name="loop">The number of the calling loop.</param>
    /// <param name="firstByteNanoseconds">The time to the first byte of the upstream's response; -1 if there was
    /// none.</param>
    public void Add(int loop, long firstByteNanoseconds = -1)
    {
        Cell.Add(ref _cells[loop * Apart], 1);
        if (firstByteNanoseconds < 0)
            return;
        if (_firstByte[loop] is null)
            Volatile.Write(ref _firstByte[loop], new Histogram());
        _firstByte[loop]!.Record(firstByteNanoseconds);
    }

    /// <summary>Adds the times to the first byte to a reading.</summary>
    public void AddFirstByteTo(HistogramReading reading)
    {
        for (int i = 0; i < _firstByte.Length; i++)
            Volatile.Read(ref _firstByte[i])?.AddTo(reading);
    }
}
