using System.Net;
using System.Runtime.CompilerServices;
using FastGate.Host;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Metrics;

namespace FastGate.Commands.Status;

/// <summary>All that <c>status</c> knows at one moment.</summary>
internal sealed record StatusFrame
{
    /// <summary>Where the gate was asked.</summary>
    public required string Socket { get; init; }

    /// <summary>What it said.</summary>
    public required AdminResponse Answer { get; init; }

    /// <summary>Who keeps it.</summary>
    public required ServiceState Keeper { get; init; }

    /// <summary>What Ollama said; null when it did not, or there was nobody to say where it is.</summary>
    public ProbeResponse? Ollama { get; init; }

    /// <summary>Requests a second since the frame before; null in the first one.</summary>
    public double? PerSecond { get; init; }

    public bool IsRunning => Answer.Snapshot is not null;
}

/// <summary>Asks everybody who knows something of the gate's status, once or again and again.</summary>
internal sealed class StatusFrames(string socket, HostEnvironment site, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    // Ollama logs each request, and systemctl is a program: neither is asked each second.
    private const int SlowEvery = 10;

    private readonly AdminClient _client = new(socket);
    private StatusFrame? _last;
    private long _lastAt;
    private int _count;

    /// <summary>How it is now.</summary>
    public async Task<StatusFrame> NextAsync(CancellationToken cancellationToken)
    {
        AdminResponse answer = await _client.AskAsync(cancellationToken);
        long now = time.GetTimestamp();
        // When a gate has come or gone, what was known of the others is old.
        bool isTime = _count++ % SlowEvery == 0 || _last?.IsRunning != answer.Snapshot is not null;
        StatusFrame frame = new()
        {
            Socket = socket,
            Answer = answer,
            Keeper = isTime || _last is null ? await ServiceManager.AskAsync(site) : _last.Keeper,
            Ollama = isTime || _last is null ? await AskOllamaAsync(answer.Snapshot) : _last.Ollama,
            PerSecond = Rate(answer.Snapshot, time.GetElapsedTime(_lastAt, now).TotalSeconds),
        };
        (_last, _lastAt) = (frame, now);
        return frame;
    }

    /// <summary>How it is, once a second, until it is canceled.</summary>
    public async IAsyncEnumerable<StatusFrame> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Between, time);
        do yield return await NextAsync(cancellationToken);
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    public void Dispose() => _client.Dispose();

    private async Task<ProbeResponse?> AskOllamaAsync(GateSnapshot? gate) =>
        gate is not null && IPEndPoint.TryParse(gate.Upstream, out IPEndPoint? ollama)
            ? await site.Probe.SendAsync(ollama, "GET", "/api/version")
            : null;

    private double? Rate(GateSnapshot? gate, double seconds)
    {
        if (
            gate is null
            || _last?.Answer.Snapshot is not { } before
            || before.StartedAt != gate.StartedAt
            || seconds <= 0
        )
            return null;
        return (Done(gate) - Done(before)) / seconds;
    }

    private static long Done(GateSnapshot gate) =>
        gate.Listeners.Sum(listener => listener.Verdicts.Sum(verdict => verdict.Count));
}
