namespace FastGate.Proxy.Transport;

/// <summary>
/// Returns memory to the system after a burst: what many connections held at once becomes garbage, and a gate that
/// allocates nothing would never collect it. Belongs to the loop's thread.
/// </summary>
internal sealed class MemoryRelease
{
    /// <summary>Dropped buffers below this total are not worth a collection.</summary>
    internal const long LeastBytes = 16 * 1024 * 1024;

    /// <summary>A burst is over when no buffer has been dropped for this long.</summary>
    internal static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    // The runtime collects young objects when they fill part of the processor's cache. Some servers have hundreds of
    // megabytes of cache; without this limit the gate grew to 150 MB there before the first collection.
    internal const long GarbageMax = 4 * 1024 * 1024;

    // Reading the allocation counter takes some tens of nanoseconds; a connection leaves a few kilobytes.
    private const int ConnectionsBetween = 64;

    private readonly Deadline _calm;
    private long _dropped;
    private long _allocated;
    private int _ended;

    public MemoryRelease(Loop loop) => _calm = loop.CreateDeadline(Release);

    /// <summary>Counts a buffer that was left to the garbage collector.</summary>
    public void Add(int bytes)
    {
        _dropped += bytes;
        if (_dropped >= LeastBytes)
            _calm.Set(Calm);
    }

    /// <summary>Counts a connection that ended, and collects garbage once enough has accumulated.</summary>
    public void CountConnection()
    {
        if (++_ended < ConnectionsBetween)
            return;
        _ended = 0;
        long allocated = GC.GetTotalAllocatedBytes(precise: false);
        if (allocated - _allocated < GarbageMax)
            return;
        _allocated = allocated;
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
    }

    private void Release()
    {
        _dropped = 0;
        // On another thread, although the collection pauses all threads: some milliseconds for the heap of an idle
        // gate.
        ThreadPool.UnsafeQueueUserWorkItem(
            _ => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true),
            null
        );
    }
}
