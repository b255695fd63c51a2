namespace FastGate.Proxy.Rules;

/// <summary>One node of a <see cref="Draft"/>: what may follow a run of segments.</summary>
internal sealed class DraftNode
{
    private int _literalBranches;

    public Dictionary<string, DraftNode> Literals { get; } = new(StringComparer.Ordinal);

    public DraftNode? Parameter { get; private set; }

    public DraftNode? Rest { get; private set; }

    /// <summary>The methods of the rules that end here, each with the index of the first rule that names it.</summary>
    public Dictionary<string, int> Methods { get; } = new(StringComparer.Ordinal);

    /// <summary>The most branches at and below this node that one path can take: see <see cref="Draft"/>.</summary>
    public int Branches { get; private set; } = 1;

    /// <summary>The child behind a segment of a rule, if it is there.</summary>
    public DraftNode? Find(Segment segment) =>
        segment.Kind switch
        {
            SegmentKind.Literal => Literals.GetValueOrDefault(segment.Text),
            SegmentKind.Parameter => Parameter,
            _ => Rest,
        };

    /// <summary>What <see cref="Branches"/> will be when the child behind the segment has so many.</summary>
    public int BranchesWith(Segment segment, int childBranches)
    {
        int literal =
            segment.Kind == SegmentKind.Literal ? Math.Max(_literalBranches, childBranches) : _literalBranches;
        int parameter = segment.Kind == SegmentKind.Parameter ? childBranches : Parameter?.Branches ?? 0;
        int rest = segment.Kind == SegmentKind.Rest || Rest is not null ? 1 : 0;
        return literal + parameter + rest;
    }

    /// <summary>The child behind the segment, made if it is not there, with so many branches.</summary>
    public DraftNode Extend(Segment segment, int childBranches)
    {
        Branches = BranchesWith(segment, childBranches);
        if (segment.Kind == SegmentKind.Literal)
            _literalBranches = Math.Max(_literalBranches, childBranches);
        return Find(segment) ?? Add(segment);
    }

    private DraftNode Add(Segment segment) =>
        segment.Kind switch
        {
            SegmentKind.Literal => Literals[segment.Text] = new DraftNode(),
            SegmentKind.Parameter => Parameter = new DraftNode(),
            _ => Rest = new DraftNode(),
        };
}
