namespace FastGate.Proxy.Metrics;

/// <summary>
/// How one number is counted up by the one thread that owns it and read by any other: no lock, and no write is seen
/// before one that was made earlier. So a part that is written after its whole, and read before it, is never larger.
/// </summary>
internal static class Cell
{
    /// <summary>Only the thread that owns the cell.</summary>
    public static void Add(ref long cell, long number) => Volatile.Write(ref cell, cell + number);

    /// <summary>Any thread.</summary>
    public static long Read(ref long cell) => Volatile.Read(ref cell);
}
