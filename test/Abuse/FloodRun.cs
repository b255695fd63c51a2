using System.Globalization;

namespace FastGate.Test.Abuse;

/// <summary>What an ordinary client waits while many connections flood the gate, and while none does, in turn.</summary>
internal sealed class FloodRun(GateRun gate, int rounds, int exchanges)
{
    private const int Connections = 256;
    private const double RatioMax = 2;

    // A machine that is busy with other things says nothing of the gate; the same in each of these does.
    private const int Tries = 5;

    /// <returns>True when the p99 stayed within twice what it is without, for each kind.</returns>
    public async Task<bool> RunAsync()
    {
        bool held = true;
        foreach (FloodKind kind in FloodKind.All)
        {
            bool isUnmoved = false;
            for (int i = 0; i < Tries && !isUnmoved; i++) isUnmoved = await RunAsync(kind);
            held &= isUnmoved;
        }
        return held;
    }

    private async Task<bool> RunAsync(FloodKind kind)
    {
        using LatencyMeter meter = new(gate.Endpoint);
        await meter.MeasureAsync(2000);
        ProcessFigures before = gate.Figures();
        List<Percentiles> without = [], with = [];
        long renewed = 0;
        double answered = 0;
        for (int i = 0; i < rounds; i++)
        {
            without.Add(Percentiles.Of(await meter.MeasureAsync(exchanges)));
            using Flood flood = Flood.Start(gate.Endpoint, kind, Connections);
            // Each connection has had what it gets before it is known for what it is.
            await meter.MeasureAsync(exchanges / 4);
            with.Add(Percentiles.Of(await meter.MeasureAsync(exchanges)));
            flood.Dispose();
            answered += flood.Answered / 1e6;
            renewed += flood.Renewed;
            await gate.SettleAsync(before.Descriptors + 16);
        }
        return Report(kind, Percentiles.MedianOf(without), Percentiles.MedianOf(with), answered, renewed);
    }

    private static bool Report(FloodKind kind, Percentiles without, Percentiles with, double answered, long renewed)
    {
        double ratio = with.P99 / without.P99;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{kind.Name}, {Connections} connections ({answered:F1} MB of answers, {renewed} connections made anew); an ordinary client "
            + $"without: {without}; with: {with}; p99 × {ratio:F2} (at most {RatioMax})"));
        return ratio <= RatioMax;
    }
}
