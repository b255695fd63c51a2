namespace FastGate.Proxy.Rules;

/// <summary>
/// One literal edge of a trie while its table is built: <paramref name="Key"/> leads from node to node.
/// </summary>
internal readonly record struct Edge(int Parent, ReadOnlyMemory<byte> Key, int Child);
