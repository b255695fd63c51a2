using System.Globalization;

namespace FastGate.Test.Abuse;

/// <summary>Measures an ordinary client's latency alternately with and without a flood of the gate.</summary>
/// <remarks>
/// Compares the best rounds of all tries: a busy machine can distort any round, and the median without a flood can be
/// worse than with one.
/// </remarks>
internal sealed class FloodRun(GateRun gate, int rounds, int exchanges)
{
    private const int Connections = 256;
    private const double RatioMax = 2;

    // What the flood's own thread and a busy machine add. Before the gate deprioritized floods, one connection delayed
    // others by 19 ms, and 200 delayed them by 5.6 s.
    private const double AddedMicrosecondsMax = 1000;

    // Repeat if the first rounds exceed the limit.
    private const int Tries = 5;

    /// <returns>
    /// True if, for each kind that has a limit, the p99 stayed within twice its value without the flood, or within one
    /// millisecond of it.
    /// </returns>
    /// <param name="name">Runs only the kinds whose names contain this.</param>
    public async Task<bool> RunAsync(string name = "")
    {
        bool held = true;
        foreach (FloodKind kind in FloodKind.All.Where(kind => kind.Name.Contains(name, StringComparison.Ordinal)))
            held &= await RunAsync(kind) || !kind.IsBounded;
        return held;
    }

    private async Task<bool> RunAsync(FloodKind kind)
    {
        using LatencyMeter meter = new(gate.Endpoint);
        await meter.MeasureAsync(2000);
        List<Percentiles> without = [],
            with = [];
        bool isUnmoved = false;
        for (int i = 0; i < Tries && !isUnmoved; i++)
        {
            for (int round = 0; round < rounds; round++)
            {
                without.Add(await MeasureBesideAsync(kind, meter));
                with.Add(await MeasureInAsync(kind, meter));
            }
            isUnmoved = Report(
                kind,
                without.MinBy(percentiles => percentiles.P99)!,
                with.MinBy(percentiles => percentiles.P99)!,
                with.Count
            );
            if (kind.IsAllowed)
                break;
        }
        return isUnmoved;
    }

    // Opening connections keeps a thread and the kernel busy, which delays everything on two processors: the same flood
    // at another listener shows how much of the delay is due to the gate.
    private async Task<Percentiles> MeasureBesideAsync(FloodKind kind, LatencyMeter meter)
    {
        if (kind.Pace != FloodPace.OncePerConnection)
            return Percentiles.Of(await meter.MeasureAsync(exchanges));
        using Decoy decoy = new();
        using Flood flood = Flood.Start(decoy.Endpoint, kind, Connections);
        await meter.MeasureAsync(exchanges / 4);
        Percentiles measured = Percentiles.Of(await meter.MeasureAsync(exchanges));
        Assert.IsGreaterThan(0, flood.Renewed);
        return measured;
    }

    private async Task<Percentiles> MeasureInAsync(FloodKind kind, LatencyMeter meter)
    {
        int before = gate.Figures().Descriptors;
        Percentiles measured;
        using (Flood flood = Flood.Start(gate.Endpoint, kind, Connections))
        {
            // By now each connection has used up what it gets before it counts as a flood.
            await meter.MeasureAsync(exchanges / 4);
            measured = Percentiles.Of(await meter.MeasureAsync(exchanges));
            if (kind.Pace == FloodPace.OncePerConnection)
                Assert.IsGreaterThan(0, flood.Renewed);
            else if (!kind.IsAllowed)
                Assert.IsGreaterThan(0, flood.BytesReceived);
        }
        // The flood screen's loop stays, with its reserve of descriptors.
        await gate.SettleAsync(before + 40);
        return measured;
    }

    private static bool Report(FloodKind kind, Percentiles without, Percentiles with, int measured)
    {
        double ratio = with.P99 / without.P99;
        string limit = !kind.IsBounded
            ? "no limit"
            : string.Create(CultureInfo.InvariantCulture, $"at most {RatioMax}, or {AddedMicrosecondsMax} µs more");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{kind.Name}, {Connections} connections; an ordinary client, best of {measured} "
                    + $"rounds: {(kind.Pace == FloodPace.OncePerConnection ? "beside the flood" : "without")} {without}; "
                    + $"with {with}; "
                    + $"p99 × {ratio:F2} ({limit})"
            )
        );
        return ratio <= RatioMax || with.P99 - without.P99 <= AddedMicrosecondsMax;
    }
}
