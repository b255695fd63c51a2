namespace FastGate.Proxy.Transport;

/// <summary>
/// The receive and send buffers of one loop, in two sizes. One thread uses it, so taking and giving back are a stack's
/// push and pop; what an idle connection gives back here, a busy one takes. Belongs to the loop's thread.
/// </summary>
internal sealed class BufferPool
{
    /// <summary>Bytes of the buffer that nearly every message fits into.</summary>
    public const int SmallBytes = 16 * 1024;

    /// <summary>Bytes of the buffer for whatever came in faster than it went out, and for heads at their
    /// limit.</summary>
    public const int LargeBytes = 64 * 1024;

    // What is kept for the next burst; more goes to the garbage collector.
    private const int SmallKept = 64;
    private const int LargeKept = 16;

    private readonly Stack<byte[]> _small = new(SmallKept);
    private readonly Stack<byte[]> _large = new(LargeKept);

    /// <summary>Is told the bytes of each buffer that was not kept.</summary>
    public Action<int>? Dropped { get; init; }

    /// <summary>Buffers handed out and not given back: 0 when nothing is under way.</summary>
    public int Lent { get; private set; }

    public byte[] Rent(bool big)
    {
        Lent++;
        Stack<byte[]> kept = big ? _large : _small;
        // Not zeroed: a reader shows only what a receive has filled.
        return kept.TryPop(out byte[]? buffer)
            ? buffer
            : GC.AllocateUninitializedArray<byte>(big ? LargeBytes : SmallBytes);
    }

    public void Return(byte[] buffer)
    {
        Lent--;
        bool big = buffer.Length == LargeBytes;
        Stack<byte[]> kept = big ? _large : _small;
        if (kept.Count < (big ? LargeKept : SmallKept))
            kept.Push(buffer);
        else
            Dropped?.Invoke(buffer.Length);
    }
}
