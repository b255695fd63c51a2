namespace FastGate.Proxy.Transport;

/// <summary>
/// Gives memory back to the system after a bout: what many connections held at once is garbage afterwards, and a gate
/// that allocates nothing would never collect it. Belongs to the loop's thread.
/// </summary>
internal sealed class MemoryRelease
{
    /// <summary>Less is not worth a collection.</summary>
    internal const long LeastBytes = 16 * 1024 * 1024;

    /// <summary>The bout is over when for so long no buffer was too many.</summary>
    internal static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    // The runtime collects young objects when they fill a part of the processor's cache, which some servers have
    // hundreds of megabytes of: without a limit of its own the gate grew to 150 MB there before the first collection.
    internal const long GarbageMax = 4 * 1024 * 1024;

    // Asking what was allocated takes some tens of nanoseconds; a connection leaves a few kilobytes.
    private const int ConnectionsBetween = 64;

    private readonly Deadline _calm;
    private long _dropped;
    private long _allocated;
    private int _ended;

    public MemoryRelease(Loop loop) => _calm = loop.CreateDeadline(Release);

    /// <summary>Counts a buffer that was left to the collector.</summary>
    public void Add(int bytes)
    {
        _dropped += bytes;
        if (_dropped >= LeastBytes)
            _calm.Set(Calm);
    }

    /// <summary>Counts a connection that has ended, and has its garbage collected when there is much of it.</summary>
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
        // On another thread, though all of them stand still for it: with what a quiet gate holds, some milliseconds.
        ThreadPool.UnsafeQueueUserWorkItem(
            _ => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true),
            null
        );
    }
}
