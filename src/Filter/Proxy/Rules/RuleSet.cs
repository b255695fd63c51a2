using System.Text;

namespace FastGate.Proxy.Rules;

/// <summary>A compiled allowlist. Immutable: any thread may ask it, and a reload replaces it whole.</summary>
/// <remarks>
/// A request is allowed when any rule allows its method and path. If several do, the verdict names the most specific
/// one: from left to right a literal segment stands before <c>{name}</c>, and that before <c>{name...}</c>; of rules
/// with one shape the first.
/// </remarks>
internal sealed class RuleSet
{
    // A list with more methods than there are is a list of somebody who plays; a refusal names the first of them.
    private const int MethodsMax = 16;

    private readonly Trie _trie;
    private readonly byte[][] _methods;

    private RuleSet(IReadOnlyList<Rule> rules, IReadOnlyList<RuleWarning> findings, Trie trie)
    {
        (Rules, Warnings, _trie) = (rules, findings, trie);
        _methods =
        [
            .. rules.SelectMany(rule => rule.Methods).Distinct().Take(MethodsMax).Select(Encoding.ASCII.GetBytes),
        ];
    }

    /// <summary>The rules as they were given; <see cref="RouteMatch.RuleIndex"/> counts in this list.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>What is odd about the rules, in their order: see <see cref="RuleWarningKind"/>.</summary>
    public IReadOnlyList<RuleWarning> Warnings { get; }

    /// <summary>
    /// Compiles the rules. Never fails; a rule that cannot be taken in allows nothing and is a finding.
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
    /// Asks for a method and the raw bytes of a path, without its query. Allocates nothing; takes time in proportion to
    /// the path, however many rules there are (<see cref="Draft.BranchesMax"/> says why).
    /// </summary>
    public RouteMatch Match(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        var meter = default(NoMeter);
        return _trie.Match(method, path, ref meter);
    }

    /// <summary>The next of the methods with which the path is open, or empty when there is none. Allocates
    /// nothing.</summary>
    /// <param name="path">The raw bytes of a path.</param>
    /// <param name="from">0 at first; hand it back with the next call.</param>
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

    /// <summary>The same, and counts the work, so that a test can assert it without a clock.</summary>
    internal RouteMatch Match(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, out long steps)
    {
        var meter = default(StepMeter);
        RouteMatch verdict = _trie.Match(method, path, ref meter);
        steps = meter.Steps;
        return verdict;
    }
}

/// <summary>The meter of real requests: none.</summary>
internal readonly struct NoMeter : IMeter
{
    public void Add(int bytes) { }
}

/// <summary>The meter of tests: one step a byte looked at, and one a look.</summary>
internal struct StepMeter : IMeter
{
    public long Steps { get; private set; }

    public void Add(int bytes) => Steps += bytes + 1;
}
