using System.Text;

namespace FastGate.Proxy.Rules;

/// <summary>A compiled allowlist. Immutable: any thread may use it, and a reload replaces it as a whole.</summary>
/// <remarks>
/// A request is allowed if any rule allows its method and path. If several do, the match names the most specific one:
/// from left to right, a literal segment comes before <c>{name}</c>, and <c>{name}</c> before <c>{name...}</c>; of
/// rules with the same shape, the first.
/// </remarks>
internal sealed class RuleSet
{
    // More than the nine standard methods; a refusal names at most this many.
    private const int MethodsMax = 16;

    private readonly Trie _trie;
    private readonly byte[][] _methods;

    private RuleSet(IReadOnlyList<Rule> rules, IReadOnlyList<RuleWarning> warnings, Trie trie)
    {
        (Items, Warnings, _trie) = (rules, warnings, trie);
        _methods =
        [
            .. rules.SelectMany(rule => rule.Methods).Distinct().Take(MethodsMax).Select(Encoding.ASCII.GetBytes),
        ];
    }

    /// <summary>The rules in their order; <see cref="RouteMatch.RuleIndex"/> is an index into this list.</summary>
    public IReadOnlyList<Rule> Items { get; }

    public int Count => Items.Count;

    /// <summary>The warnings about the rules, in the rules' order.</summary>
    public IReadOnlyList<RuleWarning> Warnings { get; }

    /// <summary>
    /// Compiles the rules. Never fails: a rule that makes the set too ambiguous allows nothing and has a warning.
    /// </summary>
    public static RuleSet Compile(IReadOnlyList<Rule> rules)
    {
        Rule[] kept = [.. rules];
        var draft = new Draft();
        bool[] leftOut = new bool[kept.Length];
        for (int index = 0; index < kept.Length; index++)
            leftOut[index] = !draft.TryAdd(kept[index], index);
        return new RuleSet(kept, RuleWarnings.Of(kept, leftOut, draft), TrieFlattener.Flatten(draft.Root));
    }

    /// <summary>
    /// Matches a method and the raw bytes of a path without its query. Allocates nothing, and takes time in proportion
    /// to the path, whatever the number of rules (see <see cref="Draft"/>).
    /// </summary>
    public RouteMatch Match(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        var meter = default(NoMeter);
        return _trie.Match(method, path, ref meter);
    }

    /// <summary>Returns the next method that is allowed on a path, or empty after the last one. Allocates
    /// nothing.</summary>
    /// <param name="path">The raw bytes of a path.</param>
    /// <param name="from">The state of the enumeration: 0 at first, then as left by the previous call.</param>
    public ReadOnlySpan<byte> NextMethodOn(ReadOnlySpan<byte> path, ref int from)
    {
        while (from < _methods.Length)
        {
            byte[] method = _methods[from++];
            if (Match(method, path).Allowed)
                return method;
        }
        return default;
    }

    /// <summary>Matches a request and counts the work, so that a test can assert it without a clock.</summary>
    internal RouteMatch Match(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, out long steps)
    {
        var meter = default(StepMeter);
        RouteMatch match = _trie.Match(method, path, ref meter);
        steps = meter.Steps;
        return match;
    }
}

/// <summary>The meter for requests, which counts nothing.</summary>
internal readonly struct NoMeter : IMeter
{
    public void Add(int bytes) { }
}

/// <summary>The meter for tests: one step per byte read, and one per call.</summary>
internal struct StepMeter : IMeter
{
    public long Steps { get; private set; }

    public void Add(int bytes) => Steps += bytes + 1;
}

/// <summary>Counts the work of a match. Always a struct, so that <see cref="NoMeter"/> costs nothing.</summary>
internal interface IMeter
{
    /// <summary>Records that the match has read this many bytes.</summary>
    void Add(int bytes);
}
