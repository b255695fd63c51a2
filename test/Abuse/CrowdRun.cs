using System.Globalization;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>
/// Measures an ordinary client alternately without and with a crowd of slow clients, and the gate's memory with the
/// crowd.
/// </summary>
internal sealed class CrowdRun(GateRun gate, int rounds, int exchanges)
{
    private const int ClientsPerKind = 500;

    // At most 64 KiB of response and 64 KiB of requests per client; the garbage collector may retain as much again from
    // earlier clients.
    private const double GrowthMegabytesMax = 2 * (2 * ClientsPerKind * 128 / 1024.0);

    private static readonly TimeSpan FillMax = TimeSpan.FromMinutes(1);

    private ProcessFigures? _first;
    private ProcessFigures? _most;

    /// <summary>
    /// Whether the gate's memory stayed within its bound in every run, compared with before the first.
    /// </summary>
    public bool IsBounded => _most is not null && _most.Megabytes - _first!.Megabytes <= GrowthMegabytesMax;

    /// <returns>True if the ordinary client's delay stayed within its limit.</returns>
    public async Task<bool> RunAsync()
    {
        using LatencyMeter meter = new(gate.Endpoint);
        await meter.MeasureAsync(5000);
        ProcessFigures before = gate.Figures();
        _first ??= before;
        bool isUnmoved = await LatencyComparison.RunAsync(
            $"{ClientsPerKind} slow heads and {ClientsPerKind} clients that never read",
            rounds,
            async () => Percentiles.Of(await meter.MeasureAsync(exchanges)),
            () => MeasureInAsync(meter)
        );
        await gate.SettleAsync(before.Descriptors + ClientsPerKind);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"the gate: {_first}; with them at most {_most} (at most {GrowthMegabytesMax:F0} MB more)"
            )
        );
        return isUnmoved;
    }

    private async Task<Percentiles> MeasureInAsync(LatencyMeter meter)
    {
        using SlowHeads slow = SlowHeads.Start(gate.Endpoint, ClientsPerKind);
        using NeverReaders never = NeverReaders.Start(gate.Endpoint, ClientsPerKind, firstPeer: 10);
        await Until.HoldsAsync(
            () => Task.FromResult(never.WithUnreadBytes == ClientsPerKind),
            "every client has unread response bytes",
            FillMax
        );
        Percentiles measured = Percentiles.Of(await meter.MeasureAsync(exchanges));
        ProcessFigures now = gate.Figures();
        if (_most is null || now.Megabytes > _most.Megabytes)
            _most = now;
        return measured;
    }
}
