using System.Diagnostics;
using System.Numerics;

namespace FastGate.Proxy.Rules;

/// <summary>Places the edges of a trie into an <see cref="EdgeTable"/> so that no two meet.</summary>
internal static class EdgeTableBuilder
{
    // With half of the slots free a displacement is found in a few tries; this many mean that two hashes are alike.
    private const uint DisplacementsMax = 1 << 16;

    // The first seed does unless two of the 64-bit hashes are alike.
    private const ulong SeedsMax = 16;

    public static EdgeTable Build(IReadOnlyList<Edge> edges)
    {
        int slots = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, 2 * edges.Count));
        for (ulong seed = 1; seed <= SeedsMax; seed++)
        {
            int[] children = new int[slots]; // 0 is the root, which is nobody's child
            uint[] displacements = new uint[Math.Max(1, slots / 4)];
            if (TryPlace(edges, seed, children, displacements))
                return new EdgeTable(children, displacements, seed);
        }
        throw new UnreachableException($"No seed of {SeedsMax} keeps {edges.Count} edges apart; are two the same?");
    }

    // The fullest buckets first, while there is room.
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
                TakeBack(bucket.AsSpan(0, placed), displacement, children);
                return false;
            }
            slot = bucket[placed].Child;
        }
        return true;
    }

    private static void TakeBack(ReadOnlySpan<(ulong Hash, int Child)> bucket, uint displacement, int[] children)
    {
        foreach ((ulong hash, _) in bucket)
            children[EdgeTable.SlotOf(hash, displacement, children.Length)] = Trie.Root;
    }
}

/// <summary>
/// One literal edge of a trie while its table is built: <paramref name="Key"/> leads from node to node.
/// </summary>
internal readonly record struct Edge(int Parent, ReadOnlyMemory<byte> Key, int Child);
