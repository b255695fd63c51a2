using System.Text.Json;
using FastGate.Proxy.Gate;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Faults;

/// <summary>
/// A gate whose socket calls fail, an upstream that responds to everything, and the repeated requests of one client.
/// </summary>
internal sealed class AnomalyScene(
    RespondingUpstream upstream,
    LogLines lines,
    FaultyCalls calls,
    RecordingLogger log,
    RunningGate gate,
    int ready
) : IAsyncDisposable
{
    private Census _before;

    private Worker Worker => gate.Gate.Workers[0];

    public static async Task<AnomalyScene> StartAsync(Way way, int ready)
    {
        RespondingUpstream upstream = new();
        LogLines lines = new();
        FaultyCalls calls = new(way);
        RecordingLogger log = new();
        GateOptions options = RunningGate.Options(upstream.Endpoint, way, ["@seed"]);
        options = options with
        {
            AccessLog = lines.File,
            Upstream = options.Upstream with { ReadyConnections = ready },
            Limits = options.Limits with { LingerTime = TimeSpan.FromMilliseconds(100) },
        };
        RunningGate gate = await RunningGate.StartAsync(options, log: log, calls: calls);
        AnomalyScene scene = new(upstream, lines, calls, log, gate, ready);
        await Census.UntilAsync(gate.Gate, _ => scene.Worker.Pool.ReadyConnections == ready);
        scene._before = await Census.TakeAsync(gate.Gate);
        calls.IsInExchange = () => scene.Worker.ExchangesLent > 0;
        return scene;
    }

    /// <summary>Runs one client while the n-th call fails, and checks everything that must be true after it.</summary>
    /// <returns>False if the run has fewer such calls, so that nothing failed.</returns>
    public async Task<bool> RunAsync(Anomaly anomaly, int number)
    {
        string what = $"{anomaly} at call {number}";
        int unexpected = log.Count(LogLevel.Error);
        await PostAsync(() => calls.Arm(anomaly, number));
        using ClientRun run = new(what);
        await run.RunAsync(gate.Endpoint);
        await PostAsync(calls.Disarm);
        using ClientRun next = new($"the client after {what}");
        await next.RunAsync(gate.Endpoint);
        Assert.IsTrue(next.IsComplete, $"The client after {what} is not served.");

        run.Dispose();
        next.Dispose();
        await CheckNothingLeaksAsync(what);
        CheckReasons(await lines.NextAsync(gate.Gate), anomaly, run, what);
        bool isUnexpected = calls.Fired && anomaly.Throws;
        Assert.AreEqual(unexpected + (isUnexpected ? 1 : 0), log.Count(LogLevel.Error), $"Logged errors of {what}.");
        return calls.Fired;
    }

    public async ValueTask DisposeAsync()
    {
        await gate.DisposeAsync();
        upstream.Dispose();
        lines.Dispose();
    }

    private async Task CheckNothingLeaksAsync(string what)
    {
        Census after = await Census.UntilAsync(gate.Gate, census => census == _before, what);
        Assert.AreEqual(_before, after);
        await Census.UntilAsync(
            gate.Gate,
            _ => Worker.Pool.ReadyConnections == ready && calls.OpenSockets == ready,
            $"sockets after {what}"
        );
    }

    private void CheckReasons(IReadOnlyList<JsonElement> entries, Anomaly anomaly, ClientRun run, string what)
    {
        string[] reasons = [.. entries.Select(ReasonOf).OfType<string>()];
        string details = $"{what}: {string.Join(", ", reasons)}";
        if (anomaly.IsHarmless || !calls.Fired)
            Assert.IsTrue(run.IsComplete, $"{what}: no client may notice.");
        if (run.IsComplete)
            Assert.IsEmpty(reasons, details);
        else if (calls.FiredInExchange)
            Assert.HasCount(1, reasons, details);
        else
            Assert.IsLessThanOrEqualTo(1, reasons.Length, details);
    }

    private static string? ReasonOf(JsonElement entry) =>
        entry.GetProperty("close").GetString()
        ?? (entry.GetProperty("verdict").GetString() is "unavailable" or "overloaded" ? "503" : null);

    private Task<bool> PostAsync(Action action) =>
        Worker
            .Loop.PostAsync(() =>
            {
                action();
                return true;
            })
            .WithinDeadline();
}
