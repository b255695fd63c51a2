namespace FastGate.Proxy.Rules;

/// <summary>The trie while it is built, of objects; <see cref="TrieFlattener"/> makes the arrays from it.</summary>
/// <remarks>
/// Why a match stays linear. Where a node has both a literal and a parameter, a path whose literal fails further on
/// must come back for the parameter, so in general it walks every combination: k such levels are 2^k walks, and a table
/// that knows all combinations beforehand has 2^k entries. (Partial match has no structure known that is small and
/// fast.) Therefore the ambiguity itself is limited. The number of walks that one path can take below a node is at most
/// <code>branches = max(literal children's branches) + parameter's branches + (1 if there is a rest)</code>
/// since one segment equals at most one literal. A rule that would lift this above <see cref="BranchesMax"/> at the
/// root is left out and reported. So a match looks at each byte at most a few times <see cref="BranchesMax"/>, with any
/// number of rules. Ollama's own routes have one branch; real allowlists one or two.
/// </remarks>
internal sealed class Draft
{
    public const int BranchesMax = 16;

    public DraftNode Root { get; } = new();

    /// <summary>Adds the rule, unless the trie would become too ambiguous with it: then nothing changes.</summary>
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

    // For each depth of the rule, how many branches the node there will have.
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
