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

    private readonly Deadline _calm;
    private long _dropped;

    public MemoryRelease(Loop loop) => _calm = loop.CreateDeadline(Release);

    /// <summary>Counts a buffer that was left to the collector.</summary>
    public void Add(int bytes)
    {
        _dropped += bytes;
        if (_dropped >= LeastBytes)
            _calm.Set(Calm);
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
