using System.Runtime.InteropServices;

namespace FastGate.Proxy.Rules;

/// <summary>
/// The compiled rules: a trie over the bytes of a path, flattened into arrays. An edge is a run of literal bytes
/// (<c>/v1/chat/completions</c> is one edge if nothing branches), a parameter, or, at the end of a path, a method.
/// </summary>
internal sealed class Trie(TrieNode[] nodes, byte[] labels, EdgeTable edges)
{
    /// <summary>The index of the root node.</summary>
    public const int Root = 0;

    /// <summary>
    /// Walks the path, trying a literal first, then the parameter, then the rest. The first rule that matches wins.
    /// </summary>
    public RouteMatch Match<TMeter>(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ref TMeter meter)
        where TMeter : struct, IMeter
    {
        if (path.IsEmpty || path[0] != '/')
            return RouteMatch.UnknownPath;

        // At most BranchesMax, since each open branch leads into a different part of the trie.
        Span<Branch> branches = stackalloc Branch[Draft.BranchesMax];
        int open = 0;
        bool pathIsKnown = false;
        int node = Root;
        int at = path.Length == 1 ? 1 : 0; // "/" has no segments

        while (true)
        {
            if (at == path.Length)
            {
                if (nodes[node].EndsPath)
                {
                    int rule = FindRule(node, method, ref meter);
                    if (rule != TrieNode.None)
                        return RouteMatch.AllowedBy(rule);
                    pathIsKnown = true;
                }
            }
            else
            {
                int end = EndOfSegment(path, at, ref meter);
                ref readonly TrieNode here = ref nodes[node];
                if (here.Rest != TrieNode.None)
                    branches[open++] = new Branch(here.Rest, at, path.Length);
                if (here.Parameter != TrieNode.None)
                    branches[open++] = new Branch(here.Parameter, at, end);

                int child = FindLiteral(node, path, at, end, ref meter);
                if (child != TrieNode.None)
                {
                    (node, at) = (child, at + nodes[child].LabelLength);
                    continue;
                }
            }

            Branch branch;
            do
            {
                if (open == 0)
                    return pathIsKnown ? RouteMatch.MethodNotAllowed : RouteMatch.UnknownPath;
                branch = branches[--open];
                meter.Add(branch.End - branch.Start);
            } while (!ParameterSegments.Accept(path[branch.Start..branch.End]));
            (node, at) = (branch.Node, branch.End);
        }
    }

    private int FindRule<TMeter>(int node, ReadOnlySpan<byte> method, ref TMeter meter)
        where TMeter : struct, IMeter
    {
        meter.Add(method.Length);
        ref readonly TrieNode found = ref nodes[edges.Find(node, method)];
        return found.Parent == node && method.SequenceEqual(LabelOf(in found)) ? found.Rule : TrieNode.None;
    }

    private static int EndOfSegment<TMeter>(ReadOnlySpan<byte> path, int at, ref TMeter meter)
        where TMeter : struct, IMeter
    {
        int length = path[(at + 1)..].IndexOf((byte)'/');
        int end = length < 0 ? path.Length : at + 1 + length;
        meter.Add(end - at);
        return end;
    }

    // The table finds an edge by its first segment; the comparison covers the segments behind it.
    private int FindLiteral<TMeter>(int node, ReadOnlySpan<byte> path, int at, int end, ref TMeter meter)
        where TMeter : struct, IMeter
    {
        meter.Add(end - at);
        int child = edges.Find(node, path[at..end]);
        ref readonly TrieNode found = ref nodes[child];
        if (found.Parent != node)
            return TrieNode.None;

        ReadOnlySpan<byte> label = LabelOf(in found);
        ReadOnlySpan<byte> ahead = path[at..];
        meter.Add(Math.Min(label.Length, ahead.Length));
        bool isMatch = ahead.StartsWith(label) && (ahead.Length == label.Length || ahead[label.Length] == '/');
        return isMatch ? child : TrieNode.None;
    }

    private ReadOnlySpan<byte> LabelOf(ref readonly TrieNode node) => labels.AsSpan(node.LabelStart, node.LabelLength);

    /// <summary>An alternative not yet tried: the node behind a parameter, and the bytes the parameter would
    /// match.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Branch(int Node, int Start, int End);
}

/// <summary>
/// One node of a <see cref="Trie"/>: the edge that leads to it, and its parameter and rest. The <see cref="EdgeTable"/>
/// has its literal children and its methods.
/// </summary>
internal readonly record struct TrieNode
{
    public const int None = -1;

    /// <summary>The index of the parent node.</summary>
    public int Parent { get; init; }

    /// <summary>
    /// The offset of the edge's bytes in the trie's labels: <c>/chat/completions</c>, or a method.
    /// </summary>
    public int LabelStart { get; init; }

    /// <summary>The edge's length in bytes; 0 for a parameter.</summary>
    public int LabelLength { get; init; }

    /// <summary>The node behind <c>/{name}</c>, or <see cref="None"/>.</summary>
    public int Parameter { get; init; }

    /// <summary>The node behind <c>/{name...}</c>, or <see cref="None"/>.</summary>
    public int Rest { get; init; }

    /// <summary>The index of the rule, at the node of a method.</summary>
    public int Rule { get; init; }

    /// <summary>A rule's path ends here, so the node has methods.</summary>
    public bool EndsPath { get; init; }
}
