using System.Globalization;

namespace FastGate.Test.Abuse;

/// <summary>
/// Clients of every kind at a real gate whose config is replaced and whose upstream is restarted meanwhile. The gate's
/// memory and descriptors are read after all clients have disconnected.
/// </summary>
internal sealed class Soak : IDisposable
{
    private const int Clients = 12;

    // The garbage collector may retain memory up to its budget; a leak of 100 bytes per exchange exceeds that within
    // ten minutes.
    private const double GrowthMegabytesMax = 16;
    private const double GrowthPartMax = 0.25;

    // Ready connections to the upstream may or may not exist, depending on its last restart.
    private const int ReadyDescriptors = 4;

    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(3);

    private readonly SoakOptions _options;
    private readonly TaggingUpstream _upstream = new();
    private readonly Tally _tally = new();
    private readonly GateRun _gate;
    private readonly FaultInjector _faultInjector;

    public Soak(SoakOptions options)
    {
        _options = options;
        _gate = GateRun.Start(_upstream.Endpoint, RuleSets.ConfigOf("a"));
        _faultInjector = new FaultInjector(_gate, _upstream, options.Seed);
    }

    /// <returns>True if every check passed; the results are printed in either case.</returns>
    public async Task<bool> RunAsync()
    {
        Print(
            $"seed {_options.Seed}, {_options.Duration.TotalSeconds:F0} s, of "
                + $"which {_options.WarmUp.TotalSeconds:F0} s warm up"
        );
        ProcessFigures start = await TrafficAsync("start", _options.WarmUp);
        ProcessFigures middle = await TrafficAsync("middle", _options.Half);
        ProcessFigures end = await TrafficAsync("end", _options.Half);
        _gate.Process.Signal("TERM");
        int exitCode = await _gate.Process.ExitAsync();
        bool held = IsFlat(start, end) & IsUnharmed(exitCode);
        Print(
            $"{_tally}, {_faultInjector}, memory {start.Megabytes:F1} → {middle.Megabytes:F1} → {end.Megabytes:F1} MB, "
                + $"descriptors {start.Descriptors} → {middle.Descriptors} → {end.Descriptors}, seed {_options.Seed}: "
                + (held ? "held" : "DID NOT HOLD")
        );
        return held;
    }

    public void Dispose()
    {
        _gate.Dispose();
        _upstream.Dispose();
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Print(string line) => Console.WriteLine(line);

    private async Task<ProcessFigures> TrafficAsync(string name, TimeSpan duration)
    {
        using CancellationTokenSource enough = new();
        RandomClient[] clients =
        [
            .. Enumerable
                .Range(0, Clients)
                .Select(i => new RandomClient(_gate.Endpoint, _upstream, _tally, i, _options.Seed)),
        ];
        Task[] all = [.. clients.Select(client => client.RunAsync(enough.Token)), .. _faultInjector.Run(enough.Token)];
        await Task.Delay(duration);
        await enough.CancelAsync();
        await Task.WhenAll(all).WaitAsync(EndMax);
        foreach (RandomClient client in clients)
            client.Dispose();
        ProcessFigures figures = await _gate.QuietFiguresAsync(QuietFor);
        Print($"{name}: {figures}; {_tally}");
        return figures;
    }

    private static bool IsFlat(ProcessFigures start, ProcessFigures end)
    {
        double most = start.Megabytes + Math.Max(GrowthMegabytesMax, start.Megabytes * GrowthPartMax);
        bool memory = end.Megabytes <= most;
        bool descriptors = end.Descriptors <= start.Descriptors + ReadyDescriptors;
        if (!memory)
            Print($"memory grew beyond {most:F1} MB");
        if (!descriptors)
            Print($"more than {start.Descriptors + ReadyDescriptors} descriptors are still open");
        return memory && descriptors;
    }

    private bool IsUnharmed(int exitCode)
    {
        foreach (string fault in _tally.Faults)
            Print(fault);
        if (_upstream.Faults > 0)
            Print($"the upstream received {_upstream.Faults} malformed request(s)");
        bool isQuiet = !_gate.Process.Output.Contains("unexpected", StringComparison.Ordinal);
        if (exitCode != 0 || !isQuiet)
            Print($"exit code {exitCode}; gate log:\n{_gate.Process.Output}");
        return _tally.IsClean && _tally.Correct > 0 && _upstream.Faults == 0 && exitCode == 0 && isQuiet;
    }
}
