using System.Text.Json;
using FastGate.Proxy.Gate;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Faults;

/// <summary>A gate whose calls go wrong, an upstream that answers everything, and a client's visit, again and
/// again.</summary>
internal sealed class AnomalyScene(
    TalkingUpstream upstream,
    LogLines lines,
    FaultyCalls calls,
    RecordingLogger log,
    RunningGate gate,
    int warm
) : IAsyncDisposable
{
    private Census _before;

    private Worker Worker => gate.Gate.Workers[0];

    public static async Task<AnomalyScene> SetAsync(Way way, int warm)
    {
        TalkingUpstream upstream = new();
        LogLines lines = new();
        FaultyCalls calls = new(way);
        RecordingLogger log = new();
        GateOptions options = RunningGate.Options(upstream.Endpoint, way, ["@seed"]);
        options = options with
        {
            AccessLog = lines.File,
            Upstream = options.Upstream with { ReadyConnections = warm },
            Limits = options.Limits with { LingerTime = TimeSpan.FromMilliseconds(100) },
        };
        RunningGate gate = await RunningGate.StartAsync(options, log: log, calls: calls);
        AnomalyScene scene = new(upstream, lines, calls, log, gate, warm);
        await Census.UntilAsync(gate.Gate, _ => scene.Worker.Pool.ReadyConnections == warm);
        scene._before = await Census.TakeAsync(gate.Gate);
        calls.IsInExchange = () => scene.Worker.ExchangesLent > 0;
        return scene;
    }

    /// <summary>One visit in which the n-th call goes wrong, and all that must be true after it.</summary>
    /// <returns>False when the visit has fewer such calls: then nothing went wrong.</returns>
    public async Task<bool> RunAsync(Anomaly anomaly, int number)
    {
        string what = $"{anomaly} at call {number}";
        int unexpected = log.Count(LogLevel.Error);
        await PostAsync(() => calls.Arm(anomaly, number));
        using Visit visit = new(what);
        await visit.RunAsync(gate.Endpoint);
        await PostAsync(calls.Disarm);
        using Visit next = new($"the client after {what}");
        await next.RunAsync(gate.Endpoint);
        Assert.IsTrue(next.IsAnswered, $"The client after {what} is not served.");

        visit.Dispose();
        next.Dispose();
        await CheckNothingLeaksAsync(what);
        CheckReasons(await lines.NextAsync(gate.Gate), anomaly, visit, what);
        bool isUnexpected = calls.Fired && anomaly.Throws;
        Assert.AreEqual(unexpected + (isUnexpected ? 1 : 0), log.Count(LogLevel.Error), $"Errors told of {what}.");
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
            _ => Worker.Pool.ReadyConnections == warm && calls.OpenSockets == warm,
            $"sockets after {what}"
        );
    }

    private void CheckReasons(IReadOnlyList<JsonElement> entries, Anomaly anomaly, Visit visit, string what)
    {
        string[] reasons = [.. entries.Select(ReasonOf).OfType<string>()];
        string said = $"{what}: {string.Join(", ", reasons)}";
        if (anomaly.IsHarmless || !calls.Fired)
            Assert.IsTrue(visit.IsAnswered, $"{what}: nobody may notice.");
        if (visit.IsAnswered)
            Assert.IsEmpty(reasons, said);
        else if (calls.FiredInExchange)
            Assert.HasCount(1, reasons, said);
        else
            Assert.IsLessThanOrEqualTo(1, reasons.Length, said);
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
