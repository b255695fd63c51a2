using System.Text;

namespace FastGate.Proxy.Rules;

/// <summary>Finds rules that make another rule redundant.</summary>
internal readonly ref struct Coverage
{
    private readonly IReadOnlyList<Segment> _segments;
    private readonly string _method;
    private readonly int _self;

    private Coverage(Rule rule, string method, int self) => (_segments, _method, _self) = (rule.Segments, method, self);

    /// <summary>
    /// Returns another rule that covers the rule's first method, or null unless each of its methods is covered.
    /// </summary>
    public static int? Find(DraftNode root, Rule rule, int self)
    {
        int? first = null;
        foreach (string method in rule.Methods)
        {
            int? other = new Coverage(rule, method, self).Find(root, 0);
            if (other is null)
                return null;
            first ??= other;
        }
        return first;
    }

    // The same walk as Trie.Match, over a rule instead of a path, and bounded by BranchesMax and SegmentsMax.
    private int? Find(DraftNode node, int depth)
    {
        if (depth == _segments.Count)
            return RuleAt(node);

        Segment segment = _segments[depth];
        if (
            segment.Kind == SegmentKind.Literal
            && node.Find(segment) is DraftNode literal
            && Find(literal, depth + 1) is int byLiteral
        )
            return byLiteral;
        if (
            segment.Kind != SegmentKind.Rest
            && node.Parameter is not null
            && IsInsideParameter(segment)
            && Find(node.Parameter, depth + 1) is int byParameter
        )
            return byParameter;
        return node.Rest is not null && _segments.Skip(depth).All(IsInsideParameter) ? RuleAt(node.Rest) : null;
    }

    private int? RuleAt(DraftNode node) =>
        node.Methods.TryGetValue(_method, out int rule) && rule != _self ? rule : null;

    private static bool IsInsideParameter(Segment segment) =>
        segment.Kind != SegmentKind.Literal || ParameterSegments.AcceptOne(Encoding.ASCII.GetBytes(segment.Text));
}
