using System.Net;
using System.Runtime.CompilerServices;
using FastGate.Commands.Install;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Metrics;

namespace FastGate.Commands.Status;

/// <summary>Asks everybody who knows something of the gate's status, once or again and again.</summary>
internal sealed class StatusFrames(string socket, Site site, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    // Ollama logs each request, and systemctl is a program: neither is asked each second.
    private const int SlowEvery = 10;

    private readonly ScrapeClient client = new(socket);
    private StatusFrame? last;
    private long lastAt;
    private int count;

    /// <summary>How it is now.</summary>
    public async Task<StatusFrame> NextAsync(CancellationToken stop)
    {
        ScrapeAnswer answer = await client.AskAsync(stop);
        long now = time.GetTimestamp();
        // When a gate has come or gone, what was known of the others is old.
        bool isTime = count++ % SlowEvery == 0 || last?.IsRunning != answer.Snapshot is not null;
        StatusFrame frame = new()
        {
            Socket = socket,
            Answer = answer,
            Keeper = isTime || last is null ? await Keeper.AskAsync(site) : last.Keeper,
            Ollama = isTime || last is null ? await AskOllamaAsync(answer.Snapshot) : last.Ollama,
            PerSecond = Rate(answer.Snapshot, time.GetElapsedTime(lastAt, now).TotalSeconds),
        };
        (last, lastAt) = (frame, now);
        return frame;
    }

    /// <summary>How it is, once a second, until it is canceled.</summary>
    public async IAsyncEnumerable<StatusFrame> AllAsync([EnumeratorCancellation] CancellationToken stop)
    {
        using PeriodicTimer timer = new(Between, time);
        do yield return await NextAsync(stop);
        while (await timer.WaitForNextTickAsync(stop));
    }

    public void Dispose() => client.Dispose();

    private async Task<ProbeAnswer?> AskOllamaAsync(GateSnapshot? gate) =>
        gate is not null && IPEndPoint.TryParse(gate.Upstream, out IPEndPoint? ollama)
            ? await site.Probe.AskAsync(ollama, "GET", "/api/version") : null;

    private double? Rate(GateSnapshot? gate, double seconds)
    {
        if (gate is null || last?.Answer.Snapshot is not { } before || before.StartedAt != gate.StartedAt || seconds <= 0) return null;
        return (Done(gate) - Done(before)) / seconds;
    }

    private static long Done(GateSnapshot gate) => gate.Listeners.Sum(listener => listener.Verdicts.Sum(verdict => verdict.Count));
}
