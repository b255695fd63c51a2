namespace FastGate.Proxy.Metrics;

/// <summary>
/// A counter that one thread owns and any thread reads, without a lock. Writes become visible in their order, so a part
/// that is written after its total, and read before it, never exceeds it.
/// </summary>
internal static class Cell
{
    /// <summary>Only the owning thread may call it.</summary>
    public static void Add(ref long cell, long number) => Volatile.Write(ref cell, cell + number);

    /// <summary>Any thread may call it.</summary>
    public static long Read(ref long cell) => Volatile.Read(ref cell);
}
