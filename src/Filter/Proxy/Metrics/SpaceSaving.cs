namespace FastGate.Proxy.Metrics;

/// <summary>
/// Counts the most frequent keys of a stream in fixed memory ("Efficient Computation of Frequent and Top-k Elements in
/// Data Streams", Metwally et al., 2005). A new key takes the counter with the lowest count and begins there, so a
/// count is too high by at most the number of all keys divided by the number of counters; each counter knows its own
/// error. Adding allocates nothing. One thread.
/// </summary>
/// <param name="countersMax">The number of counters.</param>
/// <param name="keyBytesMax">Longer keys are cut.</param>
internal sealed class SpaceSaving(int countersMax, int keyBytesMax)
{
    private const int None = -1;

    private readonly byte[] _keys = new byte[countersMax * keyBytesMax];
    private readonly Counter[] _counters = new Counter[countersMax];

    // The first counter of each hash bucket plus one, since the memory begins as zeros.
    private readonly int[] _buckets = new int[countersMax * 2];
    private int _count;

    /// <summary>Counts one occurrence of a key.</summary>
    /// <param name="key">Identifies it.</param>
    /// <param name="tag">A value to keep with the key: the latest one counts.</param>
    public void Add(ReadOnlySpan<byte> key, int tag)
    {
        key = key[..int.Min(key.Length, keyBytesMax)];
        HashCode hash = default;
        hash.AddBytes(key);
        int bucket = (int)((uint)hash.ToHashCode() % (uint)_buckets.Length);
        int found = Find(bucket, key);
        if (found == None)
            found = Take(bucket, key);
        _counters[found].Count++;
        _counters[found].Tag = tag;
    }

    /// <summary>Returns the keys that have a counter, in no order.</summary>
    public IEnumerable<FrequentKey> Read()
    {
        for (int i = 0; i < _count; i++)
            yield return new FrequentKey(
                KeyOf(i).ToArray(),
                _counters[i].Count - _counters[i].Error,
                _counters[i].Count,
                _counters[i].Tag
            );
    }

    private Span<byte> KeyOf(int counter) => _keys.AsSpan(counter * keyBytesMax, _counters[counter].KeyLength);

    private int Find(int bucket, ReadOnlySpan<byte> key)
    {
        int counter = _buckets[bucket] - 1;
        while (counter != None && !KeyOf(counter).SequenceEqual(key))
            counter = _counters[counter].NextPlusOne - 1;
        return counter;
    }

    private int Take(int bucket, ReadOnlySpan<byte> key)
    {
        int counter = _count < countersMax ? _count++ : Evict();
        ref Counter taken = ref _counters[counter];
        taken.Error = taken.Count;
        taken.KeyLength = key.Length;
        taken.Bucket = bucket;
        taken.NextPlusOne = _buckets[bucket];
        _buckets[bucket] = counter + 1;
        key.CopyTo(KeyOf(counter));
        return counter;
    }

    private int Evict()
    {
        int lowest = 0;
        for (int i = 1; i < _counters.Length; i++)
            if (_counters[i].Count < _counters[lowest].Count)
                lowest = i;
        ref int link = ref _buckets[_counters[lowest].Bucket];
        while (link != lowest + 1)
            link = ref _counters[link - 1].NextPlusOne;
        link = _counters[lowest].NextPlusOne;
        return lowest;
    }

    /// <summary>A count, and the place of its key in the hash table.</summary>
    private struct Counter
    {
        public long Count;
        public long Error;
        public int KeyLength;
        public int Bucket;
        public int NextPlusOne;
        public int Tag;
    }
}

/// <summary>A key of a <see cref="SpaceSaving"/>.</summary>
/// <param name="Key">The key, possibly cut.</param>
/// <param name="CountMin">It occurred at least so often.</param>
/// <param name="CountMax">It occurred at most so often.</param>
/// <param name="Tag">The tag of its latest occurrence.</param>
internal sealed record FrequentKey(byte[] Key, long CountMin, long CountMax, int Tag);
