using System.Globalization;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>Measures an ordinary client without and with a crowd of slow ones, in turn, and the gate's memory with it.</summary>
internal sealed class CrowdRun(GateRun gate, int rounds, int exchanges)
{
    private const int Each = 500;
    private const double RatioMax = 2;

    // 64 KiB of an answer and as much of requests for each client at the most, and what the gate has anyway.
    private const double GrowthMegabytesMax = 2 * Each * 128 / 1024.0;

    private static readonly TimeSpan FillMax = TimeSpan.FromMinutes(1);

    /// <returns>True when the p99 stayed within twice what it is without the crowd, and the memory was bounded.</returns>
    public async Task<bool> RunAsync()
    {
        using LatencyMeter meter = new(gate.Endpoint);
        await meter.MeasureAsync(5000);
        ProcessFigures before = gate.Figures();
        ProcessFigures most = before;
        List<Percentiles> without = [], with = [];
        for (int i = 0; i < rounds; i++)
        {
            without.Add(Percentiles.Of(await meter.MeasureAsync(exchanges)));
            using SlowHeads slow = SlowHeads.Start(gate.Endpoint, Each);
            using NeverReaders never = NeverReaders.Start(gate.Endpoint, Each, firstPeer: 10);
            await Until.HoldsAsync(() => Task.FromResult(never.Answered == Each), "all have an answer before them", FillMax);
            with.Add(Percentiles.Of(await meter.MeasureAsync(exchanges)));
            ProcessFigures now = gate.Figures();
            if (now.Megabytes > most.Megabytes) most = now;
        }
        await gate.SettleAsync(before.Descriptors + Each);
        return Report(Percentiles.MedianOf(without), Percentiles.MedianOf(with), before, most);
    }

    private bool Report(Percentiles without, Percentiles with, ProcessFigures before, ProcessFigures most)
    {
        double ratio = with.P99 / without.P99;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"an ordinary client, medians of {rounds} × {exchanges} exchanges in turn: without {without}; with {Each} slow heads "
            + $"and {Each} who never read {with}; p99 × {ratio:F2} (at most {RatioMax})"));
        Console.WriteLine($"the gate: {before}; with them at most {most}");
        return ratio <= RatioMax && most.Megabytes - before.Megabytes <= GrowthMegabytesMax;
    }
}
