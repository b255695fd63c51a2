using System.Reflection;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Upstream;

namespace FastGate.Proxy.Gate;

/// <summary>Reads the counters of the loops while they keep counting, and on each loop's own thread the requests in
/// progress. Any thread may call it.</summary>
/// <remarks>
/// The whole is written before its parts and read after them, so no snapshot has more statuses than requests, more
/// requests by rule than allowed ones, or more connections that ended than began.
/// </remarks>
internal sealed class Snapshots(
    GateOptions options,
    IReadOnlyList<Worker> workers,
    IReadOnlyList<PolicySlot> policies,
    Listeners listeners,
    TimeProvider time
)
{
    private static readonly string[] ClassNames = ["none", "1xx", "2xx", "3xx", "4xx", "5xx", "other"];

    private static readonly string Version =
        typeof(Snapshots)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0]
        ?? "";

    // A refused connect takes microseconds on loopback. Elsewhere the state known so far has to do.
    private static readonly TimeSpan UpstreamTime = TimeSpan.FromMilliseconds(250);

    private readonly string[] _names = [.. policies.Select(slot => NameOf(slot.Listener, options))];
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();
    private long _reloads;
    private long _refused;

    public void CountReload(bool isApplied) => Interlocked.Increment(ref isApplied ? ref _reloads : ref _refused);

    /// <param name="backend">The name of the backend in use.</param>
    /// <param name="logLinesDropped">Null when the access log is off.</param>
    public async Task<GateSnapshot> TakeAsync(string backend, long? logLinesDropped)
    {
        bool isUp = await CheckUpstreamAsync();
        LoopState[] states = await OnLoopsAsync(worker => worker.Observe(_names));
        HistogramSnapshot gateTime = Read(worker => worker.Tally.Gate);
        HistogramSnapshot firstByteTime = Read(worker => worker.Tally.FirstByte);
        NamedCount[] closes = [.. Closes()];
        RuleTimes[] byRule = [.. TimesByRule()];
        ListenerSnapshot[] read = [.. policies.Select(Read)];
        return new GateSnapshot
        {
            Version = Version,
            ProcessId = Environment.ProcessId,
            StartedAt = _startedAt,
            UptimeSeconds = time.GetElapsedTime(_started).TotalSeconds,
            AccessLog = options.AccessLog,
            Backend = backend,
            Loops = workers.Count,
            Upstream = options.Upstream.EndPoint.ToString(),
            // Another thread may see these numbers a moment late.
            ReadyConnections = workers.Sum(worker => worker.Pool.ReadyConnections),
            UpstreamUp = isUp,
            ProbeRequests = workers.Sum(worker => worker.Tally.Probes),
            InFlight = LoopState.InFlight(states),
            ConnectionsMax = options.Limits.ConnectionsMax,
            Listeners = read,
            ConnectionsClosed = closes,
            LogLinesDropped = logLinesDropped,
            Rebinds = listeners.Rebinds,
            Bypasses =
            [
                .. listeners.Bypasses.Select(bypass => new BypassSnapshot(
                    bypass.Entry.Description,
                    bypass.Taken,
                    bypass.Target,
                    bypass.DisableCommand
                )),
            ],
            Reloads = Interlocked.Read(ref _reloads),
            ReloadsFailed = Interlocked.Read(ref _refused),
            GateTime = gateTime,
            FirstByteTime = firstByteTime,
            FirstByte = byRule,
            RefusedRoutes = RefusedRoutes.Top(
                states.Select(state => state.Refused),
                [.. policies.Select(slot => slot.Current.Rules)]
            ),
        };
    }

    /// <summary>Whether the upstream accepts connections, as of now if that is known in time.</summary>
    private async Task<bool> CheckUpstreamAsync()
    {
        UpstreamPool pool = workers[0].Pool;
        Task<bool> check = await OnLoopAsync(workers[0], _ => pool.CheckAsync()) ?? Task.FromResult(false);
        await Task.WhenAny(check, Task.Delay(UpstreamTime, time));
        return check.IsCompletedSuccessfully ? await check : !pool.IsUnreachable;
    }

    private async Task<T[]> OnLoopsAsync<T>(Func<Worker, T> function)
        where T : class
    {
        T?[] results = await Task.WhenAll(workers.Select(worker => OnLoopAsync(worker, function)));
        return [.. results.OfType<T>()];
    }

    /// <summary>Runs a function on a loop's thread; null if the loop has ended.</summary>
    private static async Task<T?> OnLoopAsync<T>(Worker worker, Func<Worker, T> function)
        where T : class
    {
        Task<T> result = worker.Loop.PostAsync(() => function(worker));
        return await Task.WhenAny(result, worker.Loop.Stopped) == result ? await result : null;
    }

    // A rule of two listeners is one rule here.
    private IEnumerable<RuleTimes> TimesByRule() =>
        from slot in policies
        from tally in slot.Rules.Tallies()
        group tally.Tally by tally.Rule into same
        let reading = Combined(same)
        where !reading.IsEmpty
        let times = reading.ToSnapshot()
        orderby times.Count descending
        select new RuleTimes(same.Key, times.Count, times.P50Seconds, times.P99Seconds);

    private static HistogramReading Combined(IEnumerable<RuleTally> tallies)
    {
        HistogramReading reading = new();
        foreach (RuleTally tally in tallies)
            tally.AddFirstByteTo(reading);
        return reading;
    }

    private HistogramSnapshot Read(Func<Worker, Histogram> histogram)
    {
        HistogramReading reading = new();
        foreach (Worker worker in workers)
            histogram(worker).AddTo(reading);
        return reading.ToSnapshot();
    }

    private IEnumerable<NamedCount> Closes()
    {
        foreach (CloseReason reason in Enum.GetValues<CloseReason>())
        {
            // Connections that were never admitted are counted by listener.
            if (reason is CloseReason.None or CloseReason.GatePeerNotAllowed or CloseReason.GatePeerLimit)
                continue;
            yield return new NamedCount(
                CloseReasons.Text(reason),
                workers.Sum(worker => worker.Tally.ClosesFor(reason))
            );
        }
    }

    private ListenerSnapshot Read(PolicySlot slot)
    {
        ListenerTally[] tallies = [.. workers.Select(worker => worker.Tally.Listeners[slot.Listener])];
        IReadOnlyList<RuleCount> rules = slot.Rules.Read();
        NamedCount[] statuses =
        [
            .. ClassNames.Select((name, n) => new NamedCount(name, tallies.Sum(tally => tally.OfClass(n)))),
        ];
        NamedCount[] verdicts =
        [
            .. VerdictWords.All.Select((word, n) => new NamedCount(word, tallies.Sum(tally => tally.OfVerdict(n)))),
        ];
        long ended = slot.Connections.Ended;
        long begun = slot.Connections.Begun;
        return new ListenerSnapshot
        {
            Name = _names[slot.Listener],
            Bound = [.. listeners.EndPointsOf(slot.Listener).Select(endPoint => endPoint.ToString())],
            Unbound = [.. listeners.UnboundOf(slot.Listener)],
            Rules = slot.Current.Rules.Count,
            Connections = begun,
            ConnectionsOpen = begun - ended,
            ConnectionsRejected =
            [
                new(CloseReasons.Text(CloseReason.GatePeerNotAllowed), slot.Connections.RejectedByFrom),
                new(CloseReasons.Text(CloseReason.GatePeerLimit), slot.Connections.RejectedByPeerLimit),
            ],
            Verdicts = verdicts,
            Statuses = statuses,
            BytesReceived = tallies.Sum(tally => tally.BytesReceived),
            BytesSent = tallies.Sum(tally => tally.BytesSent),
            RuleCounts = rules,
        };
    }

    /// <summary>Two listeners on a port chosen by the system have the same address, but need different
    /// names.</summary>
    private static string NameOf(int listener, GateOptions options)
    {
        string name = options.Listeners[listener].Address.ToString();
        int before = options.Listeners.Take(listener).Count(other => other.Address.ToString() == name);
        return before == 0 ? name : $"{name} #{before + 1}";
    }
}
