using System.Net;
using System.Net.Sockets;
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
    private readonly GateOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ISocketCalls? _calls;
    private readonly AccessLogWriter? _accessLog;
    private readonly ExpectedProbes _probes;
    private readonly History _history;
    private readonly Worker[] _workers;
    private readonly PolicySlot[] _policies;
    private readonly Listeners _listeners;
    private readonly Snapshots _snapshots;
    private readonly AcceptLoopFactory _acceptLoops;
    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;
    private bool _stopped;

    private GateServer(
        GateOptions options,
        TimeProvider time,
        ILogger log,
        ISocketCalls? calls,
        IReadOnlyList<ListenResult>? inherited
    )
    {
        _options = options;
        _time = time;
        _log = log;
        _calls = calls;
        _accessLog = options.AccessLog is { } path ? AccessLogWriter.Open(path, log) : null;
        Tally[] tallies =
        [
            .. Enumerable
                .Range(0, options.Loops)
                .Select(loop => new Tally(loop, options.Listeners.Count, VerdictWords.All.Count)),
        ];
        _probes = new ExpectedProbes(time);
        _history = new History(tallies, VerdictWords.IsRefusal, time);
        _workers = [.. tallies.Select(CreateWorker)];
        _policies =
        [
            .. options.Listeners.Select((listener, number) => new PolicySlot(listener.Policy, number, options.Loops)),
        ];
        Admission = new Admission(options.Limits, _workers[0].Loop, log);
        _acceptLoops = new AcceptLoopFactory(
            _workers[0].Loop,
            Admission,
            new WorkerRing(_workers),
            options.Limits,
            log,
            // Not "auto": without a free descriptor at that moment, it would choose the portable backend for good.
            () => CreateLoop("flood screen", _workers[0].Loop.Backend)
        );
        ServeWatch serve = new(options.Tailscale, options.Upstream.EndPoint, time, log);
        _listeners = new Listeners(options.Listeners, _policies, _acceptLoops, Interfaces.Read, log, serve, inherited);
        _snapshots = new Snapshots(options, _workers, _policies, _listeners, time);
    }

    /// <summary>The addresses that are bound now.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => _listeners.EndPoints;

    /// <summary>The listening sockets, for a successor.</summary>
    public IReadOnlyList<Socket> Sockets => _listeners.Sockets;

    /// <summary>Completes when a loop has ended unexpectedly: the gate no longer works.</summary>
    public Task Failed => Task.WhenAny(_workers.Select(worker => worker.Loop.Stopped));

    /// <summary>Where Ollama is.</summary>
    public IPEndPoint Upstream => _options.Upstream.EndPoint;

    /// <summary>The name of the backend in use.</summary>
    public string Backend => _workers[0].Loop.Backend;

    internal IReadOnlyList<Worker> Workers => _workers;

    internal AccessLogWriter? AccessLog => _accessLog;

    internal Admission Admission { get; }

    internal bool IsScreened => _listeners.Bindings.Any(binding => binding.AcceptLoop.IsScreened);

    /// <summary>Starts the loops and binds what can be bound; a Tailscale or interface address may appear
    /// later.</summary>
    /// <param name="options">What to listen on, and the rules.</param>
    /// <param name="time">The clock of deadlines and logs.</param>
    /// <param name="log">The operational log.</param>
    /// <param name="calls">The socket API; by default the operating system's.</param>
    /// <param name="inherited">Listening sockets of the gate that this one succeeds; those of other addresses are
    /// closed.</param>
    /// <exception cref="BindException">A written-out address cannot be bound.</exception>
    /// <exception cref="PlatformNotSupportedException">The requested backend does not work here.</exception>
    public static async Task<GateServer> StartAsync(
        GateOptions options,
        TimeProvider time,
        ILogger log,
        ISocketCalls? calls = null,
        IReadOnlyList<ListenResult>? inherited = null
    )
    {
        GateServer gate = new(options, time, log, calls, inherited);
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

    /// <summary>Replaces the policies, one for each listener in their order. Requests that are already decided are not
    /// decided again.</summary>
    public void Apply(IReadOnlyList<GatePolicy> next)
    {
        for (int i = 0; i < _policies.Length; i++)
            _policies[i].Current = next[i];
        _snapshots.CountReload(isApplied: true);
    }

    /// <summary>Counts a reload that failed.</summary>
    public void CountRefusedReload() => _snapshots.CountReload(isApplied: false);

    /// <summary>The last hour.</summary>
    public HistorySnapshot TakeHistory() => _history.Take();

    /// <summary>Announces a connection of <c>doctor</c> or <c>install</c>, before its first request.</summary>
    /// <param name="client">The client's end.</param>
    /// <param name="gate">The gate's end.</param>
    /// <returns>False if the gate does not listen there, or expects too many.</returns>
    public bool ExpectProbe(IPEndPoint client, IPEndPoint gate)
    {
        int listener = Array.FindIndex(
            _policies,
            slot => _listeners.EndPointsOf(slot.Listener).Any(bound => IsReachedBy(bound, gate))
        );
        return listener >= 0 && _probes.TryAdd(client, listener);
    }

    /// <summary>Everything the gate has counted, and what it is doing now; no loop waits for it.</summary>
    public async Task<GateSnapshot> TakeSnapshotAsync() =>
        // Another gate may already have the configured file, so this one may have another name.
        await _snapshots.TakeAsync(Backend, _accessLog?.Dropped) with
        {
            AccessLog = _accessLog?.FilePath ?? _options.AccessLog,
        };

    /// <summary>Stops accepting, because a successor does, and ends each connection after its next
    /// response.</summary>
    /// <returns>Completes when no connection is left; there is no time limit.</returns>
    public async Task YieldAsync()
    {
        await _listeners.YieldAsync();
        await Task.WhenAll(await Task.WhenAll(_workers.Select(worker => worker.Loop.PostAsync(worker.YieldAsync))));
    }

    /// <summary>Accepts again, because the successor is gone.</summary>
    /// <returns>Whether every address is bound; one that is not is tried again by the next call.</returns>
    public async Task<bool> ResumeAsync()
    {
        foreach (Worker worker in _workers)
            worker.Loop.Post(worker.Resume);
        return await _listeners.ResumeAsync();
    }

    /// <summary>Stops accepting, lets responses in flight finish for up to the drain time, then ends what is
    /// left.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        await _stopping.CancelAsync();
        // A loop that has ended never runs what is posted to it.
        await await Task.WhenAny(EndServingAsync(), Failed);
        foreach (Worker worker in _workers)
            worker.Loop.Stop();
        await Task.WhenAll(_workers.Select(worker => worker.Loop.Stopped));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _acceptLoops.DisposeAsync();
        foreach (Worker worker in _workers)
            worker.Loop.Dispose();
        if (_accessLog is not null)
            await _accessLog.DisposeAsync();
        _stopping.Dispose();
    }

    private static bool IsReachedBy(IPEndPoint bound, IPEndPoint to) =>
        bound.Port == to.Port
        && (
            bound.Address.Equals(to.Address)
            || bound.Address.Equals(IPAddress.Any)
            || bound.Address.Equals(IPAddress.IPv6Any)
        );

    private Loop CreateLoop(string name, string backend, BusyPoll? poll = null) =>
        new(Backends.Create(backend, _log), _time, _log, name, _calls) { Poll = poll };

    private BusyPoll? CreatePoll()
    {
        if (_options.PollTime is not { } limit)
            return new BusyPoll(BusyPoll.DefaultTime, new PowerSource(), new PollTrial());
        return limit > TimeSpan.Zero ? new BusyPoll(limit, new PowerSource(), trial: null) : null;
    }

    private Worker CreateWorker(Tally tally, int number)
    {
        Loop loop = CreateLoop($"loop {number}", _options.Backend, CreatePoll());
        UpstreamPool pool = new(loop, _options.Upstream, _log);
        return new Worker(loop, pool, _accessLog, tally, _options.Limits, _log)
        {
            History = _history,
            Probes = _probes,
        };
    }

    private async Task EndServingAsync()
    {
        // First, because a poll in progress could open what was just closed.
        await _watching;
        await _listeners.CloseAsync();
        Task[] drained = await Task.WhenAll(_workers.Select(worker => worker.Loop.PostAsync(worker.DrainAsync)));
        Task all = Task.WhenAll(drained);
        if (await Task.WhenAny(all, Task.Delay(_options.Limits.DrainTime, _time)) == all)
            return;
        Log.Cut(_log, _options.Limits.DrainTime.TotalSeconds);
        foreach (Worker worker in _workers)
            worker.Loop.Post(worker.Abort);
        await all;
    }

    private async Task OpenAsync()
    {
        foreach (Worker worker in _workers)
        {
            worker.Loop.Start();
            worker.Loop.Post(worker.Pool.Refill);
        }
        await _listeners.StartAsync();
        _watching = new AddressWatcher(_listeners, _options.Tailscale, _time, _log).RunAsync(_stopping.Token);
    }

    private static partial class Log
    {
        [LoggerMessage(323, LogLevel.Warning, "Responses still in flight after {Seconds} s were cut off.")]
        public static partial void Cut(ILogger logger, double seconds);
    }
}
