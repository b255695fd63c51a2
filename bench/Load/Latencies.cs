using System.Diagnostics;

namespace FastGate.Bench.Load;

/// <summary>Durations of single exchanges, in the clock's ticks.</summary>
internal sealed class Latencies(int capacity)
{
    private long[] ticks = new long[capacity];
    private int count;
    private bool sorted;

    public int Count => count;

    public void Add(long duration)
    {
        if (count == ticks.Length) Array.Resize(ref ticks, 2 * count + 1);
        ticks[count++] = duration;
        sorted = false;
    }

    public void Add(Latencies others)
    {
        for (int i = 0; i < others.count; i++) Add(others.ticks[i]);
    }

    /// <summary>Microseconds below which this share of the exchanges stays; 1 for the largest.</summary>
    public double Microseconds(double share) => count == 0 ? double.NaN : ToMicroseconds(Sorted[Math.Min(count - 1, (int)(count * share))]);

    /// <summary>How many exchanges took less than this.</summary>
    public int CountBelow(double microseconds)
    {
        int below = 0;
        foreach (long one in Sorted)
        {
            if (ToMicroseconds(one) >= microseconds) break;
            below++;
        }
        return below;
    }

    private ReadOnlySpan<long> Sorted
    {
        get
        {
            if (!sorted) Array.Sort(ticks, 0, count);
            sorted = true;
            return ticks.AsSpan(0, count);
        }
    }

    private static double ToMicroseconds(long duration) => duration * 1_000_000.0 / Stopwatch.Frequency;
}
