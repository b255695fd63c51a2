using System.Diagnostics;
using FastGate.Commands.Shared;

namespace FastGate.Bench.Load;

/// <summary>Durations of single exchanges, in ticks of the clock.</summary>
internal sealed class Latencies(int capacity)
{
    private long[] _ticks = new long[capacity];
    private int _count;
    private bool _sorted;

    public int Count => _count;

    public void Add(long duration)
    {
        if (_count == _ticks.Length)
            Array.Resize(ref _ticks, 2 * _count + 1);
        _ticks[_count++] = duration;
        _sorted = false;
    }

    public void Add(Latencies others)
    {
        for (int i = 0; i < others._count; i++)
            Add(others._ticks[i]);
    }

    /// <summary>Returns a quantile in microseconds, 1 being the largest; NaN when there is none.</summary>
    public double Microseconds(double share) =>
        _count == 0 ? double.NaN : ToMicroseconds(Quantiles.NearestRank(Sorted, share));

    /// <summary>Counts the exchanges that took less time than this.</summary>
    public int CountBelow(double microseconds)
    {
        int below = 0;
        foreach (long duration in Sorted)
        {
            if (ToMicroseconds(duration) >= microseconds)
                break;
            below++;
        }
        return below;
    }

    private ReadOnlySpan<long> Sorted
    {
        get
        {
            if (!_sorted)
                Array.Sort(_ticks, 0, _count);
            _sorted = true;
            return _ticks.AsSpan(0, _count);
        }
    }

    private static double ToMicroseconds(long duration) => duration * 1_000_000.0 / Stopwatch.Frequency;
}

/// <summary>The result of one subject in a workload.</summary>
/// <param name="Name">Name of the subject.</param>
/// <param name="Latencies">One for each exchange.</param>
/// <param name="CpuSeconds">Processor time of the subject; 0 for direct.</param>
internal sealed record Measured(string Name, Latencies Latencies, double CpuSeconds);
