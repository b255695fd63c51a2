namespace FastGate.Test.Abuse;

/// <summary>Measures an ordinary client's latency alternately without and with a flood of the gate.</summary>
internal sealed class FloodRun(GateRun gate, int rounds, int exchanges)
{
    private const int Connections = 256;

    /// <returns>True if the delay stayed within its limit for each kind that has one.</returns>
    /// <param name="name">Runs only the kinds whose names contain this.</param>
    public async Task<bool> RunAsync(string name = "")
    {
        bool held = true;
        foreach (FloodKind kind in FloodKind.All.Where(kind => kind.Name.Contains(name, StringComparison.Ordinal)))
            held &= await RunAsync(kind);
        return held;
    }

    private async Task<bool> RunAsync(FloodKind kind)
    {
        using LatencyMeter meter = new(gate.Endpoint);
        await meter.MeasureAsync(2000);
        string beside = kind.Pace == FloodPace.OncePerConnection ? ", compared with a flood beside the gate" : "";
        return await LatencyComparison.RunAsync(
            $"{kind.Name}, {Connections} connections{beside}",
            rounds,
            () => MeasureBesideAsync(kind, meter),
            () => MeasureInAsync(kind, meter),
            isLimited: !kind.IsAllowed
        );
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
}
