namespace FastGate.Proxy.Transport;

/// <summary>
/// The receive and send buffers of one loop, in two sizes. Renting and returning pop and push a stack; a buffer that an
/// idle connection returns serves a busy one. Belongs to the loop's thread.
/// </summary>
internal sealed class BufferPool
{
    /// <summary>Size of the buffer that fits nearly every message.</summary>
    public const int SmallBytes = 16 * 1024;

    /// <summary>Size of the buffer for bytes that arrive faster than they leave, and for heads at their
    /// limit.</summary>
    public const int LargeBytes = 64 * 1024;

    // Kept for the next burst; more are left to the garbage collector.
    private const int SmallKept = 64;
    private const int LargeKept = 16;

    private readonly Stack<byte[]> _small = new(SmallKept);
    private readonly Stack<byte[]> _large = new(LargeKept);

    /// <summary>Called with the size of each buffer that is not kept.</summary>
    public Action<int>? Dropped { get; init; }

    /// <summary>Buffers rented and not returned: 0 when nothing is in progress.</summary>
    public int Lent { get; private set; }

    public byte[] Rent(bool isLarge)
    {
        Lent++;
        Stack<byte[]> kept = isLarge ? _large : _small;
        // Not zeroed: a reader returns only bytes that a receive has filled.
        return kept.TryPop(out byte[]? buffer)
            ? buffer
            : GC.AllocateUninitializedArray<byte>(isLarge ? LargeBytes : SmallBytes);
    }

    public void Return(byte[] buffer)
    {
        Lent--;
        bool isLarge = buffer.Length == LargeBytes;
        Stack<byte[]> kept = isLarge ? _large : _small;
        if (kept.Count < (isLarge ? LargeKept : SmallKept))
            kept.Push(buffer);
        else
            Dropped?.Invoke(buffer.Length);
    }
}
