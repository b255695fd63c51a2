using System.Net;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Transport;
using FastGate.Proxy.Upstream;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>A running gate: loops, upstream pools and listeners. Any thread may call it.</summary>
internal sealed partial class GateServer : IAsyncDisposable
{
    private readonly GateOptions options;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly ISocketCalls? calls;
    private readonly AccessLogWriter? accessLog;
    private readonly Worker[] workers;
    private readonly PolicySlot[] policies;
    private readonly Listeners listeners;
    private readonly Snapshots snapshots;
    private readonly CancellationTokenSource stopping = new();
    private Task following = Task.CompletedTask;
    private bool stopped;

    private GateServer(GateOptions options, TimeProvider time, ILogger log, ISocketCalls? calls)
    {
        this.options = options;
        this.time = time;
        this.log = log;
        this.calls = calls;
        accessLog = options.AccessLog is { } path ? AccessLogWriter.Open(path, log) : null;
        workers = [.. Enumerable.Range(0, options.Loops).Select(CreateWorker)];
        policies = [.. options.Listeners.Select((listener, number) => new PolicySlot(listener.Policy, number, options.Loops))];
        Admission = new Admission(options.Limits, workers[0].Loop, log);
        DoorwayMaker doorways = new(workers[0].Loop, Admission, new WorkerRing(workers), options.Limits, log);
        ServeWatch serve = new(options.Tailscale, options.Upstream.EndPoint, time, log);
        listeners = new Listeners(options.Listeners, policies, doorways, Interfaces.Read, log, serve);
        snapshots = new Snapshots(options, workers, policies, listeners, time);
    }

    /// <summary>The addresses that are bound now.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => listeners.EndPoints;

    /// <summary>Completes when a loop has ended that should not have: the gate is of no use any more.</summary>
    public Task Failed => Task.WhenAny(workers.Select(worker => worker.Loop.Stopped));

    /// <summary>Where Ollama is.</summary>
    public IPEndPoint Upstream => options.Upstream.EndPoint;

    /// <summary>The name of the backend that is used.</summary>
    public string Backend => workers[0].Loop.Backend;

    internal IReadOnlyList<Worker> Workers => workers;

    internal AccessLogWriter? AccessLog => accessLog;

    internal Admission Admission { get; }

    /// <summary>Starts the loops and binds what can be bound; a Tailscale or interface address may come later.</summary>
    /// <param name="options">What to listen on, and by what rules.</param>
    /// <param name="time">The clock of deadlines and logs.</param>
    /// <param name="log">The operational log.</param>
    /// <param name="calls">What sockets are spoken to by; the system's own calls when nothing is said.</param>
    /// <exception cref="BindException">A written-out address cannot be bound.</exception>
    /// <exception cref="PlatformNotSupportedException">The backend that was asked for does not work here.</exception>
    public static async Task<GateServer> StartAsync(
        GateOptions options, TimeProvider time, ILogger log, ISocketCalls? calls = null)
    {
        GateServer gate = new(options, time, log, calls);
        try
        {
            await gate.OpenAsync();
            return gate;
        }
        catch (BindException)
        {
            await gate.DisposeAsync();
            throw;
        }
    }

    /// <summary>Swaps the policies, one for each listener in their order. Requests already judged are not judged again.</summary>
    public void Apply(IReadOnlyList<GatePolicy> next)
    {
        for (int i = 0; i < policies.Length; i++) policies[i].Present = next[i];
        snapshots.CountReload(isTakenUp: true);
    }

    /// <summary>Counts a reload that came to nothing.</summary>
    public void CountRefusedReload() => snapshots.CountReload(isTakenUp: false);

    /// <summary>All that the gate has counted, without a stop of any loop.</summary>
    public GateSnapshot TakeSnapshot() =>
        // Another gate may have the name that the config says.
        snapshots.Take(Backend, accessLog?.Dropped) with { AccessLog = accessLog?.Place ?? options.AccessLog };

    /// <summary>Stops accepting, lets answers in flight finish for up to the drain time, then ends what is left.</summary>
    public async Task StopAsync()
    {
        if (stopped) return;
        stopped = true;
        await stopping.CancelAsync();
        // A loop that has ended does nothing any more of what it is asked to.
        await await Task.WhenAny(EndServingAsync(), Failed);
        foreach (Worker worker in workers) worker.Loop.Stop();
        await Task.WhenAll(workers.Select(worker => worker.Loop.Stopped));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (Worker worker in workers) worker.Loop.Dispose();
        if (accessLog is not null) await accessLog.DisposeAsync();
        stopping.Dispose();
    }

    private Worker CreateWorker(int number)
    {
        Loop loop = new(Backends.Create(options.Backend, log), time, log, $"loop {number}", calls);
        UpstreamPool pool = new(loop, options.Upstream, log);
        Tally tally = new(number, options.Listeners.Count, JudgementWords.All.Count);
        return new Worker(loop, pool, accessLog, tally, options.Limits, log);
    }

    private async Task EndServingAsync()
    {
        // First: a look that is under way would open what was just closed.
        await following;
        await listeners.CloseAsync();
        Task[] drained = await Task.WhenAll(workers.Select(worker => worker.Loop.PostAsync(worker.DrainAsync)));
        Task all = Task.WhenAll(drained);
        if (await Task.WhenAny(all, Task.Delay(options.Limits.DrainTime, time)) == all) return;
        Log.Cut(log, options.Limits.DrainTime.TotalSeconds);
        foreach (Worker worker in workers) worker.Loop.Post(worker.Abort);
        await all;
    }

    private async Task OpenAsync()
    {
        foreach (Worker worker in workers)
        {
            worker.Loop.Start();
            worker.Loop.Post(worker.Pool.Refill);
        }
        await listeners.StartAsync();
        following = new Following(listeners, options.Tailscale, time, log).RunAsync(stopping.Token);
    }

    private static partial class Log
    {
        [LoggerMessage(323, LogLevel.Warning, "Answers still in flight after {Seconds} s are cut off.")]
        public static partial void Cut(ILogger logger, double seconds);
    }
}
