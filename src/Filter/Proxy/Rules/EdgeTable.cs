using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;

namespace FastGate.Proxy.Rules;

/// <summary>
/// Every literal edge of a trie in one perfect hash table: a node and a first segment (or method) lead to the only
/// child that can match. One lookup whatever the number of rules; a trie that branches at single bytes grows deeper
/// with them.
/// </summary>
/// <remarks>
/// Hash, displace and compress (Belazzougui, Botelho, Dietzfelbinger 2009): a key's bucket holds the displacement that
/// keeps all keys of the table apart. The caller compares parent and bytes, so an unknown key matches nothing. No
/// request can slow a lookup down: the table has no chains.
/// </remarks>
internal sealed class EdgeTable(int[] children, uint[] displacements, ulong seed)
{
    private const ulong SlotMultiplier = 0x9E37_79B9_7F4A_7C15; // 2^64 / golden ratio (Knuth, TAOCP 6.4)

    /// <summary>Returns the only node that the key can lead to; for an unknown key, any node.</summary>
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

/// <summary>Places the edges of a trie into an <see cref="EdgeTable"/> without collisions.</summary>
internal static class EdgeTableBuilder
{
    // With half of the slots free, a few attempts find a displacement; this many mean that two hashes are equal.
    private const uint DisplacementsMax = 1 << 16;

    // The first seed works unless two of the 64-bit hashes are equal.
    private const ulong SeedsMax = 16;

    public static EdgeTable Build(IReadOnlyList<Edge> edges)
    {
        int slots = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, 2 * edges.Count));
        for (ulong seed = 1; seed <= SeedsMax; seed++)
        {
            int[] children = new int[slots]; // 0 is the root, which is never a child
            uint[] displacements = new uint[Math.Max(1, slots / 4)];
            if (TryPlace(edges, seed, children, displacements))
                return new EdgeTable(children, displacements, seed);
        }
        throw new UnreachableException($"{SeedsMax} seeds did not separate {edges.Count} edges; two may be equal.");
    }

    // The fullest buckets first, while most slots are free.
    private static bool TryPlace(IReadOnlyList<Edge> edges, ulong seed, int[] children, uint[] displacements)
    {
        IEnumerable<IGrouping<int, (ulong Hash, int Child)>> buckets = edges
            .Select(edge => (Hash: KeyHash.Of(seed, edge.Parent, edge.Key.Span), edge.Child))
            .GroupBy(placed => EdgeTable.BucketOf(placed.Hash, displacements.Length))
            .OrderByDescending(bucket => bucket.Count());

        foreach (IGrouping<int, (ulong Hash, int Child)> bucket in buckets)
        {
            uint displacement = 0;
            while (!TryPlace([.. bucket], displacement, children))
            {
                if (++displacement == DisplacementsMax)
                    return false;
            }
            displacements[bucket.Key] = displacement;
        }
        return true;
    }

    private static bool TryPlace((ulong Hash, int Child)[] bucket, uint displacement, int[] children)
    {
        for (int placed = 0; placed < bucket.Length; placed++)
        {
            ref int slot = ref children[EdgeTable.SlotOf(bucket[placed].Hash, displacement, children.Length)];
            if (slot != Trie.Root)
            {
                Remove(bucket.AsSpan(0, placed), displacement, children);
                return false;
            }
            slot = bucket[placed].Child;
        }
        return true;
    }

    private static void Remove(ReadOnlySpan<(ulong Hash, int Child)> bucket, uint displacement, int[] children)
    {
        foreach ((ulong hash, _) in bucket)
            children[EdgeTable.SlotOf(hash, displacement, children.Length)] = Trie.Root;
    }
}

/// <summary>
/// One literal edge of a trie: <paramref name="Key"/> leads from <paramref name="Parent"/> to <paramref name="Child"/>.
/// </summary>
internal readonly record struct Edge(int Parent, ReadOnlyMemory<byte> Key, int Child);

/// <summary>
/// The seeded 64-bit hash of an edge: folded 128-bit products of eight bytes at a time, as in wyhash.
/// </summary>
internal static class KeyHash
{
    // wyhash's default secrets, which are odd and have well-distributed bits.
    private const ulong Secret0 = 0xA076_1D64_78BD_642F;
    private const ulong Secret1 = 0xE703_7ED1_A0B4_28DB;

    /// <remarks>
    /// The node is added last: it is known last, once the previous edge is found, and the processor folds the key
    /// meanwhile (measured: /v1/chat/completions in 45 instead of 56 ns). The length is multiplied before it is
    /// combined with the key's bytes, since otherwise some keys would collide under every seed.
    /// </remarks>
    public static ulong Of(ulong seed, int node, ReadOnlySpan<byte> key)
    {
        ulong hash = (seed + (uint)key.Length) * Secret0;
        while (key.Length > sizeof(ulong))
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key), Secret1);
            key = key[sizeof(ulong)..];
        }
        return Fold(hash ^ Tail(key), Secret0) + ((uint)node * Secret1);
    }

    // At most eight bytes. The hash already has the length, so no two keys have the same input.
    private static ulong Tail(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(uint))
        {
            ulong low = BinaryPrimitives.ReadUInt32LittleEndian(key);
            return low | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(key[^sizeof(uint)..]) << 32);
        }
        return key.IsEmpty ? 0 : key[0] | ((ulong)key[key.Length / 2] << 8) | ((ulong)key[^1] << 16);
    }

    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }
}
