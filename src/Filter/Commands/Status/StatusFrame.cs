using System.Net;
using System.Runtime.CompilerServices;
using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Metrics;

namespace FastGate.Commands.Status;

/// <summary>The state of the gate, its service and Ollama at one moment.</summary>
internal sealed record StatusFrame
{
    /// <summary>Path of the gate's metrics socket.</summary>
    public required string Socket { get; init; }

    /// <summary>The gate's response, or why there was none.</summary>
    public required AdminResponse Response { get; init; }

    public required ServiceState Service { get; init; }

    /// <summary>Ollama's response to <c>GET /api/version</c>; null when it did not respond, or when no gate is running
    /// that knows its address.</summary>
    public ProbeResponse? Ollama { get; init; }

    /// <summary>The last hour; null if the gate did not report it.</summary>
    public HistorySnapshot? History { get; init; }

    /// <summary>A path for people, with ~ for the home directory.</summary>
    public Func<string, string> Short { get; init; } = path => path;

    /// <summary>Requests per second since the previous frame; null in the first one.</summary>
    public double? PerSecond { get; init; }

    public bool IsRunning => Response.Snapshot is not null;
}

/// <summary>Collects frames from the gate, the service manager and Ollama, once or every second.</summary>
internal sealed class StatusFrames(string socket, HostEnvironment host, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Ollama logs each request, and systemctl is a new process each time: both are queried only every tenth frame.
    private const int SlowEvery = 10;

    private readonly AdminClient _client = new(socket);
    private readonly InstallPaths _paths = new(host);
    private StatusFrame? _last;
    private long _lastAt;
    private int _count;

    public async Task<StatusFrame> NextAsync(CancellationToken cancellationToken)
    {
        AdminResponse response = await _client.GetStatusAsync(cancellationToken);
        long now = time.GetTimestamp();
        // When a gate has started or stopped, the state of its service and of Ollama is stale.
        bool isTime = _count++ % SlowEvery == 0 || _last?.IsRunning != response.Snapshot is not null;
        StatusFrame frame = new()
        {
            Socket = socket,
            Response = response,
            Service = isTime || _last is null ? await ServiceManager.ReadAsync(host) : _last.Service,
            Ollama = isTime || _last is null ? await ProbeOllamaAsync(response.Snapshot) : _last.Ollama,
            History = isTime || _last is null ? await ReadHistoryAsync(response, cancellationToken) : _last.History,
            Short = _paths.Short,
            PerSecond = Rate(response.Snapshot, time.GetElapsedTime(_lastAt, now).TotalSeconds),
        };
        (_last, _lastAt) = (frame, now);
        return frame;
    }

    /// <summary>Yields a frame every second until canceled.</summary>
    public async IAsyncEnumerable<StatusFrame> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        do yield return await NextAsync(cancellationToken);
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    public void Dispose() => _client.Dispose();

    private async Task<ProbeResponse?> ProbeOllamaAsync(GateSnapshot? gate) =>
        gate is not null && IPEndPoint.TryParse(gate.Upstream, out IPEndPoint? ollama)
            ? await host.Probe.SendAsync(ollama, "GET", "/api/version")
            : null;

    private async Task<HistorySnapshot?> ReadHistoryAsync(AdminResponse gate, CancellationToken cancellationToken) =>
        gate.Snapshot is null ? null : await _client.GetHistoryAsync(cancellationToken);

    private double? Rate(GateSnapshot? gate, double seconds)
    {
        if (
            gate is null
            || _last?.Response.Snapshot is not { } before
            || before.StartedAt != gate.StartedAt
            || seconds <= 0
        )
            return null;
        return (CompletedRequests(gate) - CompletedRequests(before)) / seconds;
    }

    private static long CompletedRequests(GateSnapshot gate) =>
        gate.Listeners.Sum(listener => listener.Verdicts.Sum(verdict => verdict.Count));
}

/// <summary>Explains why a frame has no status, and what to do about it.</summary>
internal static class StatusText
{
    public static string Problem(StatusFrame frame) =>
        frame.Response.Outcome switch
        {
            AdminOutcome.NoSocket when frame.Service is { Name: not null, IsRunning: true } =>
                $"The gate cannot be reached: {frame.Socket} does not exist, although its service is up "
                    + $"({frame.Service.Description}). It may have just started, or use another socket "
                    + $"(\"metrics.socket\"). {frame.Service.Cure}.",
            AdminOutcome.NoSocket =>
                $"No gate is running: {frame.Socket} does not exist{ServiceOf(frame)}. {frame.Service.Cure}.",
            AdminOutcome.NotListening =>
                $"No gate is running: the gate that created {frame.Socket} ended without removing it, "
                    + $"or belongs to another user{ServiceOf(frame)}. {frame.Service.Cure}.",
            AdminOutcome.TimedOut =>
                $"The gate at {frame.Socket} does not respond: the machine is overloaded, or the gate is suspended. "
                    + "Try again, or restart the gate.",
            _ => $"The program at {frame.Socket} is not a gate of this version: restart the gate with this program.",
        };

    private static string ServiceOf(StatusFrame frame) =>
        frame.Service.Name is null ? "" : $" ({frame.Service.Description})";
}
