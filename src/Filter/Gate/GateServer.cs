using System.Net;
using System.Net.NetworkInformation;
using FastGate.AccessLog;
using FastGate.Net;
using FastGate.Transport;
using FastGate.Upstream;
using Microsoft.Extensions.Logging;

namespace FastGate.Gate;

/// <summary>A running gate: loops, upstream pools and listeners. Any thread may call it.</summary>
internal sealed partial class GateServer : IAsyncDisposable
{
    /// <summary>How often the interfaces are looked at for an address that is not there yet.</summary>
    private static readonly TimeSpan AddressPoll = TimeSpan.FromSeconds(2);

    private readonly GateOptions options;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly ISocketCalls? calls;
    private readonly AccessLogWriter? accessLog;
    private readonly Worker[] workers;
    private readonly Admission admission;
    private readonly WorkerRing ring;
    private readonly PolicySlot[] policies;
    private readonly List<Doorway> doorways = [];
    private readonly List<IPEndPoint> endPoints = [];
    private readonly CancellationTokenSource stopping = new();
    private bool stopped;

    private GateServer(GateOptions options, TimeProvider time, ILogger log, ISocketCalls? calls)
    {
        this.options = options;
        this.time = time;
        this.log = log;
        this.calls = calls;
        accessLog = options.AccessLog is { } path ? AccessLogWriter.Open(path, log) : null;
        workers = [.. Enumerable.Range(0, options.Loops).Select(CreateWorker)];
        admission = new Admission(options.Limits, workers[0].Loop, log);
        ring = new WorkerRing(workers);
        policies = [.. options.Listeners.Select(listener => new PolicySlot(listener.Policy))];
    }

    /// <summary>The addresses that are bound now.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => endPoints;

    /// <summary>Completes when a loop has ended that should not have: the gate is of no use any more.</summary>
    public Task Failed => Task.WhenAny(workers.Select(worker => worker.Loop.Stopped));

    /// <summary>The name of the backend that is used.</summary>
    public string Backend => workers[0].Loop.Backend;

    internal IReadOnlyList<Worker> Workers => workers;

    internal AccessLogWriter? AccessLog => accessLog;

    internal Admission Admission => admission;

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
    }

    /// <summary>Stops accepting, lets answers in flight finish for up to the drain time, then ends what is left.</summary>
    public async Task StopAsync()
    {
        if (stopped) return;
        stopped = true;
        await stopping.CancelAsync();
        await workers[0].Loop.PostAsync(CloseDoorways);
        Task[] drained = await Task.WhenAll(workers.Select(worker => worker.Loop.PostAsync(worker.DrainAsync)));
        Task all = Task.WhenAll(drained);
        if (await Task.WhenAny(all, Task.Delay(options.Limits.DrainTime, time)) != all)
        {
            Log.Cut(log, options.Limits.DrainTime.TotalSeconds);
            foreach (Worker worker in workers) worker.Loop.Post(worker.Abort);
            await all;
        }
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
        return new Worker(loop, pool, accessLog, options.Limits, log);
    }

    private async Task OpenAsync()
    {
        foreach (Worker worker in workers)
        {
            worker.Loop.Start();
            worker.Loop.Post(worker.Pool.Refill);
        }
        for (int i = 0; i < options.Listeners.Count; i++)
        {
            ListenerOptions listener = options.Listeners[i];
            if (await TryOpenAsync(listener, policies[i])) continue;
            Log.Waits(log, listener.Address);
            _ = WaitForAddressAsync(listener, policies[i]);
        }
    }

    private async Task WaitForAddressAsync(ListenerOptions listener, PolicySlot slot)
    {
        using PeriodicTimer timer = new(AddressPoll, time);
        string? told = null;
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                string? problem = await ProblemOfOpeningAsync(listener, slot);
                if (problem is { Length: 0 }) return;
                if (problem is not null && problem != told) Log.NotBound(log, problem);
                told = problem;
            }
        }
        catch (OperationCanceledException)
        {
            // The gate stops before the address has come.
        }
    }

    /// <returns>Empty when all is bound, null while there is no address.</returns>
    private async Task<string?> ProblemOfOpeningAsync(ListenerOptions listener, PolicySlot slot)
    {
        try
        {
            return await TryOpenAsync(listener, slot) ? "" : null;
        }
        catch (Exception failure) when (failure is BindException or NetworkInformationException)
        {
            // A new IPv6 address cannot be bound until its neighbours were asked; the next look may find it so.
            return failure.Message;
        }
    }

    /// <returns>False when there is no such address yet.</returns>
    private async Task<bool> TryOpenAsync(ListenerOptions listener, PolicySlot slot)
    {
        IReadOnlyList<InterfaceAddress> interfaces = Interfaces.Read();
        IReadOnlyList<IPEndPoint> wanted = ListenPlan.Endpoints(listener.Address, interfaces);
        IReadOnlyList<AddressRange> from = listener.From ?? ListenPlan.DefaultFrom(listener.Address, interfaces);
        foreach (IPEndPoint endPoint in wanted.Except(endPoints))
        {
            ListenResult bound = ListenSocket.TryBind(endPoint);
            if (bound.Socket is null) throw new BindException($"Cannot listen on {endPoint}: {bound.Reason}.");
            await workers[0].Loop.PostAsync(() => Open(bound, slot, from));
            endPoints.Add(bound.EndPoint);
            Log.Listens(log, bound.EndPoint, slot.Present.Rules.Rules.Count);
        }
        return wanted.Count > 0;
    }

    private bool Open(ListenResult bound, PolicySlot slot, IReadOnlyList<AddressRange> from)
    {
        Loop loop = workers[0].Loop;
        Acceptor acceptor = new(loop, bound.Socket!, log);
        Doorway doorway = new(acceptor, loop, admission, ring, slot, from, options.Limits, log);
        doorways.Add(doorway);
        _ = doorway.RunAsync();
        return true;
    }

    private bool CloseDoorways()
    {
        foreach (Doorway doorway in doorways) doorway.Close();
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(320, LogLevel.Information, "Listening on {EndPoint} with {Rules} rules.")]
        public static partial void Listens(ILogger logger, IPEndPoint endPoint, int rules);

        [LoggerMessage(321, LogLevel.Warning,
            "There is no address for {Listen} yet: waiting for it (is Tailscale up?). To try the gate at once: fastgate demo, or --listen 127.0.0.1:11435.")]
        public static partial void Waits(ILogger logger, ListenAddress listen);

        [LoggerMessage(322, LogLevel.Error, "{Problem}")]
        public static partial void NotBound(ILogger logger, string problem);

        [LoggerMessage(323, LogLevel.Warning, "Answers still in flight after {Seconds} s are cut off.")]
        public static partial void Cut(ILogger logger, double seconds);
    }
}
