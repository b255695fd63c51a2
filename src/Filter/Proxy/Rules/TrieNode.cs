namespace FastGate.Proxy.Rules;

/// <summary>
/// One node of a <see cref="Trie"/>: the edge that leads to it, and what hangs below. A node's literal children and its
/// methods are not here but in the <see cref="EdgeTable"/>.
/// </summary>
internal readonly record struct TrieNode
{
    public const int None = -1;

    /// <summary>The node above.</summary>
    public int Parent { get; init; }

    /// <summary>
    /// Where the bytes of the edge begin in the trie's labels: <c>/chat/completions</c>, or a method.
    /// </summary>
    public int LabelStart { get; init; }

    /// <summary>How many bytes the edge has; none for a parameter.</summary>
    public int LabelLength { get; init; }

    /// <summary>The node behind <c>/{name}</c>, or <see cref="None"/>.</summary>
    public int Parameter { get; init; }

    /// <summary>The node behind <c>/{name...}</c>, or <see cref="None"/>.</summary>
    public int Rest { get; init; }

    /// <summary>At the node of a method, the index of its rule.</summary>
    public int Rule { get; init; }

    /// <summary>Some rule's path ends here: methods hang below.</summary>
    public bool EndsPath { get; init; }
}
