using System.Diagnostics;

namespace FastGate.Bench.EndToEnd;

/// <summary>Durations of single exchanges, in the clock's ticks.</summary>
internal sealed class Latencies(int capacity)
{
    private readonly long[] ticks = new long[capacity];
    private int count;
    private bool sorted;

    public int Count => count;

    public void Add(long duration)
    {
        ticks[count++] = duration;
        sorted = false;
    }

    /// <summary>Microseconds below which this share of the exchanges stays.</summary>
    public double Microseconds(double share)
    {
        if (!sorted) Array.Sort(ticks, 0, count);
        sorted = true;
        return ticks[Math.Min(count - 1, (int)(count * share))] * 1_000_000.0 / Stopwatch.Frequency;
    }
}
