using System.Runtime.InteropServices;

namespace FastGate.Proxy.Rules;

/// <summary>
/// The compiled rules: a trie over the bytes of a path, flattened into arrays. An edge is a run of literal bytes
/// (<c>/v1/chat/completions</c> is one edge where nothing branches), a parameter, or, at the end of a path, a method.
/// </summary>
internal sealed class Trie(TrieNode[] nodes, byte[] labels, EdgeTable edges)
{
    /// <summary>The node where every path begins.</summary>
    public const int Root = 0;

    /// <summary>
    /// Walks the path: a literal first, then the parameter, then the rest; the first rule that fits wins.
    /// </summary>
    public RouteMatch Match<TMeter>(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ref TMeter meter)
        where TMeter : struct, IMeter
    {
        if (path.IsEmpty || path[0] != '/')
            return RouteMatch.UnknownPath;

        // Never more than BranchesMax: each open turn leads into a part of the trie of its own.
        Span<Turn> turns = stackalloc Turn[Draft.BranchesMax];
        int open = 0;
        bool pathIsKnown = false;
        int node = Root;
        int at = path.Length == 1 ? 1 : 0; // "/" has no segment

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
                    turns[open++] = new Turn(here.Rest, at, path.Length);
                if (here.Parameter != TrieNode.None)
                    turns[open++] = new Turn(here.Parameter, at, end);

                int child = FindLiteral(node, path, at, end, ref meter);
                if (child != TrieNode.None)
                {
                    (node, at) = (child, at + nodes[child].LabelLength);
                    continue;
                }
            }

            Turn turn;
            do
            {
                if (open == 0)
                    return pathIsKnown ? RouteMatch.MethodNotAllowed : RouteMatch.UnknownPath;
                turn = turns[--open];
                meter.Add(turn.End - turn.Start);
            } while (!ParameterSegments.Accept(path[turn.Start..turn.End]));
            (node, at) = (turn.Node, turn.End);
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

    // The edge is found by its first segment; whether the segments behind it are there is seen by comparing.
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
        bool whole = ahead.StartsWith(label) && (ahead.Length == label.Length || ahead[label.Length] == '/');
        return whole ? child : TrieNode.None;
    }

    private ReadOnlySpan<byte> LabelOf(ref readonly TrieNode node) => labels.AsSpan(node.LabelStart, node.LabelLength);

    /// <summary>A way not yet taken: the node behind a parameter, and the bytes that it would stand for.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Turn(int Node, int Start, int End);
}
