namespace FastGate.Proxy.Rules;

/// <summary>
/// Every literal edge of a trie in one perfect hash table: node and first segment (or method) give the one child that
/// can be meant. One look, however many rules there are; a trie that branches at single bytes grows deeper with them.
/// </summary>
/// <remarks>
/// Hash, displace and compress (Belazzougui, Botelho, Dietzfelbinger 2009): a key's bucket names the displacement that
/// keeps all keys of the table apart. The caller compares parent and bytes, so a strange key finds nothing, and nobody
/// can make it slow from outside: there is no chain to walk.
/// </remarks>
internal sealed class EdgeTable(int[] children, uint[] displacements, ulong seed)
{
    private const ulong SlotMultiplier = 0x9E37_79B9_7F4A_7C15; // 2^64 / golden ratio (Knuth, TAOCP 6.4)

    /// <summary>The one node that the key can lead to. An unknown key leads to any node, or to the root.</summary>
    public int Find(int node, ReadOnlySpan<byte> key)
    {
        ulong hash = KeyHash.Of(seed, node, key);
        return children[SlotOf(hash, displacements[BucketOf(hash, displacements.Length)], children.Length)];
    }

    /// <summary>The bucket of a hash among <paramref name="buckets"/>, a power of two.</summary>
    internal static int BucketOf(ulong hash, int buckets) => (int)((uint)(hash >> 32) & (uint)(buckets - 1));

    /// <summary>The slot of a hash among <paramref name="slots"/>, a power of two.</summary>
    internal static int SlotOf(ulong hash, uint displacement, int slots) =>
        (int)(((hash ^ displacement) * SlotMultiplier) >> 32) & (slots - 1);
}
