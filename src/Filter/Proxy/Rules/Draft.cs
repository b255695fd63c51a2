namespace FastGate.Proxy.Rules;

/// <summary>The trie during construction, made of objects; <see cref="TrieFlattener"/> turns it into arrays.</summary>
/// <remarks>
/// Why a match takes linear time. Where a node has both a literal and a parameter, a path whose literal fails further
/// on must come back for the parameter, so in general a match walks every combination: k such levels mean 2^k walks,
/// and a table of all combinations has 2^k entries. (No data structure is known that answers partial matches in little
/// space and time.) Therefore the ambiguity itself is limited. Below a node, one path can take at most
/// <code>branches = max(literal children's branches) + parameter's branches + (1 if it has a rest)</code>
/// walks, since one segment equals at most one literal. A rule that would raise this above <see cref="BranchesMax"/>
/// at the root is left out and reported. So a match reads each byte at most a few times <see cref="BranchesMax"/>,
/// whatever the number of rules. Ollama's own routes have one branch; real allowlists have one or two.
/// </remarks>
internal sealed class Draft
{
    public const int BranchesMax = 16;

    public DraftNode Root { get; } = new();

    /// <summary>Adds the rule, or changes nothing and returns false if it makes the trie too ambiguous.</summary>
    public bool TryAdd(Rule rule, int index)
    {
        int[] branches = BranchesWith(rule.Segments);
        if (branches[0] > BranchesMax)
            return false;

        DraftNode node = Root;
        for (int depth = 0; depth < rule.Segments.Count; depth++)
            node = node.Extend(rule.Segments[depth], branches[depth + 1]);
        foreach (string method in rule.Methods)
            node.Methods.TryAdd(method, index);
        return true;
    }

    // The number of branches that the node at each depth of the rule will have.
    private int[] BranchesWith(IReadOnlyList<Segment> segments)
    {
        DraftNode?[] trail = new DraftNode?[segments.Count + 1];
        trail[0] = Root;
        for (int depth = 0; depth < segments.Count; depth++)
            trail[depth + 1] = trail[depth]?.Find(segments[depth]);

        int[] branches = new int[trail.Length];
        branches[^1] = trail[^1]?.Branches ?? 1;
        for (int depth = segments.Count - 1; depth >= 0; depth--)
        {
            int below = branches[depth + 1];
            branches[depth] = trail[depth]?.BranchesWith(segments[depth], below) ?? below;
        }
        return branches;
    }
}

/// <summary>One node of a <see cref="Draft"/>: what may follow a sequence of segments.</summary>
internal sealed class DraftNode
{
    private int _literalBranches;

    public Dictionary<string, DraftNode> Literals { get; } = new(StringComparer.Ordinal);

    public DraftNode? Parameter { get; private set; }

    public DraftNode? Rest { get; private set; }

    /// <summary>The methods of the rules that end here, each with the index of the first rule that names it.</summary>
    public Dictionary<string, int> Methods { get; } = new(StringComparer.Ordinal);

    /// <summary>The maximum number of walks of one path at and below this node: see <see cref="Draft"/>.</summary>
    public int Branches { get; private set; } = 1;

    /// <summary>Returns the child behind a segment of a rule, if any.</summary>
    public DraftNode? Find(Segment segment) =>
        segment.Kind switch
        {
            SegmentKind.Literal => Literals.GetValueOrDefault(segment.Text),
            SegmentKind.Parameter => Parameter,
            _ => Rest,
        };

    /// <summary>Returns <see cref="Branches"/> for a given number of branches of the child behind the
    /// segment.</summary>
    public int BranchesWith(Segment segment, int childBranches)
    {
        int literal =
            segment.Kind == SegmentKind.Literal ? Math.Max(_literalBranches, childBranches) : _literalBranches;
        int parameter = segment.Kind == SegmentKind.Parameter ? childBranches : Parameter?.Branches ?? 0;
        int rest = segment.Kind == SegmentKind.Rest || Rest is not null ? 1 : 0;
        return literal + parameter + rest;
    }

    /// <summary>Returns the child behind the segment, creating it if necessary, and accounts for its
    /// branches.</summary>
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
