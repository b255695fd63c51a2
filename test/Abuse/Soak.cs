using System.Globalization;

namespace FastGate.Test.Abuse;

/// <summary>
/// Visitors of all kinds at a real gate whose config is replaced and whose upstream is restarted meanwhile; the gate's
/// memory and descriptors are read when everybody has gone.
/// </summary>
internal sealed class Soak : IDisposable
{
    private const int Visitors = 12;

    // The collector may keep what it likes up to its budget; a leak of 100 bytes an exchange is more than that in ten minutes.
    private const double GrowthMegabytesMax = 16;
    private const double GrowthPartMax = 0.25;

    // Warm connections to the upstream are there or not, as its last restart would have it.
    private const int WarmDescriptors = 4;

    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(3);

    private readonly SoakOptions options;
    private readonly NamingUpstream upstream = new();
    private readonly Tally tally = new();
    private readonly GateRun gate;
    private readonly Disturbance disturbance;

    public Soak(SoakOptions options)
    {
        this.options = options;
        gate = GateRun.Start(upstream.Endpoint, RuleSets.ConfigOf("a"));
        disturbance = new Disturbance(gate, upstream, options.Seed);
    }

    /// <returns>True when everything held; what was seen is on standard output either way.</returns>
    public async Task<bool> RunAsync()
    {
        Say($"seed {options.Seed}, {options.Duration.TotalSeconds:F0} s, of which {options.WarmUp.TotalSeconds:F0} s warm up");
        ProcessFigures start = await TrafficAsync("start", options.WarmUp);
        ProcessFigures middle = await TrafficAsync("middle", options.Half);
        ProcessFigures end = await TrafficAsync("end", options.Half);
        gate.Process.Signal("TERM");
        int exitCode = await gate.Process.ExitAsync();
        bool held = IsFlat(start, end) & IsUnharmed(exitCode);
        Say($"{tally}, {disturbance}, memory {start.Megabytes:F1} → {middle.Megabytes:F1} → {end.Megabytes:F1} MB, "
            + $"descriptors {start.Descriptors} → {middle.Descriptors} → {end.Descriptors}, seed {options.Seed}: "
            + (held ? "held" : "DID NOT HOLD"));
        return held;
    }

    public void Dispose()
    {
        gate.Dispose();
        upstream.Dispose();
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Say(string line) => Console.WriteLine(line);

    private async Task<ProcessFigures> TrafficAsync(string name, TimeSpan duration)
    {
        using CancellationTokenSource enough = new();
        Visitor[] visitors = [.. Enumerable.Range(0, Visitors).Select(i => new Visitor(gate.Endpoint, upstream, tally, i, options.Seed))];
        Task[] all = [.. visitors.Select(visitor => visitor.RunAsync(enough.Token)), .. disturbance.Run(enough.Token)];
        await Task.Delay(duration);
        await enough.CancelAsync();
        await Task.WhenAll(all).WaitAsync(EndMax);
        foreach (Visitor visitor in visitors) visitor.Dispose();
        ProcessFigures figures = await gate.QuietFiguresAsync(QuietFor);
        Say($"{name}: {figures}; {tally}");
        return figures;
    }

    private static bool IsFlat(ProcessFigures start, ProcessFigures end)
    {
        double most = start.Megabytes + Math.Max(GrowthMegabytesMax, start.Megabytes * GrowthPartMax);
        bool memory = end.Megabytes <= most;
        bool descriptors = end.Descriptors <= start.Descriptors + WarmDescriptors;
        if (!memory) Say($"memory has grown beyond {most:F1} MB");
        if (!descriptors) Say($"descriptors are left open: more than {start.Descriptors + WarmDescriptors}");
        return memory && descriptors;
    }

    private bool IsUnharmed(int exitCode)
    {
        foreach (string fault in tally.Faults) Say(fault);
        if (upstream.Faults > 0) Say($"{upstream.Faults} times the upstream was sent what is no request");
        bool isQuiet = !gate.Process.Said.Contains("unexpected", StringComparison.Ordinal);
        if (exitCode != 0 || !isQuiet) Say($"exit code {exitCode}; the gate said:\n{gate.Process.Said}");
        return tally.IsClean && tally.Right > 0 && upstream.Faults == 0 && exitCode == 0 && isQuiet;
    }
}
