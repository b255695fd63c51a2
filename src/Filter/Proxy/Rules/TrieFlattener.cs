using System.Text;

namespace FastGate.Proxy.Rules;

/// <summary>Turns a <see cref="Draft"/> into the arrays of a <see cref="Trie"/>, breadth first.</summary>
internal sealed class TrieFlattener
{
    private readonly List<TrieNode> _nodes = [];
    private readonly List<byte> _labels = [];
    private readonly List<Edge> _edges = [];
    private readonly Queue<(DraftNode Draft, int Index)> _waiting = [];

    private TrieFlattener() { }

    public static Trie Flatten(DraftNode root)
    {
        var flattener = new TrieFlattener();
        flattener.Add(root, TrieNode.None, "");
        while (flattener._waiting.TryDequeue(out (DraftNode Draft, int Index) next))
            flattener.AddChildren(next.Draft, next.Index);
        return new Trie([.. flattener._nodes], [.. flattener._labels], EdgeTableBuilder.Build(flattener._edges));
    }

    private void AddChildren(DraftNode draft, int index)
    {
        foreach ((string literal, DraftNode child) in draft.Literals)
            AddLiteral(literal, child, index);
        foreach ((string method, int rule) in draft.Methods)
            AddMethod(method, rule, index);
        _nodes[index] = _nodes[index] with
        {
            Parameter = draft.Parameter is null ? TrieNode.None : Add(draft.Parameter, index, ""),
            Rest = draft.Rest is null ? TrieNode.None : Add(draft.Rest, index, ""),
            EndsPath = draft.Methods.Count > 0,
        };
    }

    // The edge continues until a node branches or ends a path; its first segment is the key.
    private void AddLiteral(string literal, DraftNode child, int parent)
    {
        string key = $"/{literal}";
        var label = new StringBuilder(key);
        while (IsOnlyPassedThrough(child))
        {
            (string next, child) = child.Literals.Single();
            label.Append('/').Append(next);
        }
        _edges.Add(new Edge(parent, Encoding.ASCII.GetBytes(key), Add(child, parent, label.ToString())));
    }

    private void AddMethod(string method, int rule, int parent)
    {
        // A method contains no slash, so its key differs from every segment's.
        _edges.Add(new Edge(parent, Encoding.ASCII.GetBytes(method), AddNode(parent, method, rule)));
    }

    private int Add(DraftNode draft, int parent, string label)
    {
        int index = AddNode(parent, label, TrieNode.None);
        _waiting.Enqueue((draft, index));
        return index;
    }

    private int AddNode(int parent, string label, int rule)
    {
        _nodes.Add(
            new TrieNode
            {
                Parent = parent,
                LabelStart = _labels.Count,
                LabelLength = label.Length,
                Parameter = TrieNode.None,
                Rest = TrieNode.None,
                Rule = rule,
            }
        );
        _labels.AddRange(Encoding.ASCII.GetBytes(label));
        return _nodes.Count - 1;
    }

    private static bool IsOnlyPassedThrough(DraftNode draft) =>
        draft is { Literals.Count: 1, Methods.Count: 0, Parameter: null, Rest: null };
}
