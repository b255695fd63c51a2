using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Transport;

/// <summary>
/// One thread that waits for its sockets and runs whatever can go on: protocol code continues inline on it, so what one
/// loop owns needs no lock. Only <see cref="Post"/> and <see cref="Stop"/> may be called from other threads.
/// </summary>
internal sealed partial class Loop : IDisposable
{
    // As many transfers at once as a household has.
    private const int FewSockets = 16;

    private readonly IReadiness readiness;
    private readonly WatchTable watches = new();
    private readonly Readiness[] ready = new Readiness[256];
    private readonly ConcurrentQueue<Action> posted = [];
    private readonly Queue<Action> deferred = [];
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly Thread thread;
    private readonly Action<Action> guarded;
    private readonly FaultNotices faults;
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int wakePending;
    private volatile bool stopping;

    /// <param name="readiness">The backend; the loop disposes of it.</param>
    /// <param name="time">The clock for deadlines and timestamps.</param>
    /// <param name="log">Where an unexpected exception is told.</param>
    /// <param name="name">The thread's name.</param>
    /// <param name="calls">What its sockets are spoken to by; the backend's own calls when nothing is said.</param>
    public Loop(IReadiness readiness, TimeProvider time, ILogger log, string name, ISocketCalls? calls = null)
    {
        Calls = calls ?? readiness.Calls;
        this.readiness = readiness;
        this.time = time;
        this.log = log;
        Wheel = new DeadlineWheel(time, Wake);
        guarded = Guarded;
        faults = new FaultNotices(this, log);
        Buffers = new BufferPool { Dropped = new MemoryRelease(this).Add };
        Now = time.GetTimestamp();
        // Without them at the start, they are asked for again before each accept and connect.
        Reserve.TryKeep();
        thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    public string Backend => readiness.Name;

    public BufferPool Buffers { get; }

    public TimeProvider Time => time;

    /// <summary>When the present batch of events was fetched: the clock's timestamp from which waiting inside counts.</summary>
    public long Now { get; private set; }

    /// <summary>Completes when the thread has ended.</summary>
    public Task Stopped => stopped.Task;

    public bool IsCurrent => Thread.CurrentThread == thread;

    internal ISocketCalls Calls { get; }

    /// <summary>Many sockets have something in this turn, so that each gets less of it.</summary>
    internal bool IsCrowded { get; private set; }

    internal DescriptorReserve Reserve { get; } = new();

    /// <summary>Sockets that are watched.</summary>
    internal int WatchCount => watches.Count;

    internal DeadlineWheel Wheel { get; }

    internal SlowLane Slow { get; } = new();

    public void Start() => thread.Start();

    /// <summary>Ends the thread after the present batch and what was posted before. Any thread.</summary>
    public void Stop()
    {
        stopping = true;
        Wake();
    }

    /// <summary>Runs an action on the loop's thread; after the loop has ended, never. Any thread.</summary>
    public void Post(Action action)
    {
        posted.Enqueue(action);
        Wake();
    }

    /// <summary>Runs a function on the loop's thread and tells its result. Any thread.</summary>
    public Task<T> PostAsync<T>(Func<T> function)
    {
        TaskCompletionSource<T> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                told.SetResult(function());
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Whatever it is belongs to the one who asked.
                told.SetException(exception);
            }
        });
        return told.Task;
    }

    /// <summary>Runs an action after the present event: for work that must not run inside its caller. Loop's thread.</summary>
    public void Defer(Action action) => deferred.Enqueue(action);

    /// <summary>Logs an exception that nobody foresaw and that has ended one connection. Loop's thread.</summary>
    public void TellUnexpected(Exception exception) => faults.Tell(exception);

    public Deadline CreateDeadline(Action expired) => new(Wheel, expired);

    /// <exception cref="IOException">The system has no room for another watch.</exception>
    internal Watch Watch(Descriptor socket, IReadyHandler handler, Interest interest) =>
        new(readiness, watches, socket, handler, interest);

    public void Dispose()
    {
        Wheel.Dispose();
        Reserve.Dispose();
        readiness.Dispose();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref wakePending, 1) == 0) readiness.Wake();
    }

    private void Run()
    {
        try
        {
            while (!stopping) Turn();
            RunPosted();
            RunDeferred();
        }
        catch (IOException failure)
        {
            // The wait itself failed: this loop cannot go on, and says so rather than spin.
            Log.LoopEnded(log, failure);
        }
        stopped.SetResult();
    }

    private void Turn()
    {
        int count = readiness.Wait(ready, Slow.WaitMilliseconds);
        Now = time.GetTimestamp();
        IsCrowded = count > FewSockets;
        for (int i = 0; i < count; i++)
        {
            Deliver(in ready[i]);
            RunDeferred();
        }
        if (Volatile.Read(ref wakePending) != 0) RunPosted();
        Wheel.Turn(Now, guarded);
        RunDeferred();
        Slow.Turn(guarded);
        RunDeferred();
    }

    private void Deliver(in Readiness told)
    {
        if (!watches.TryGet(told.Key, out Watch? watch)) return;
        try
        {
            if (told.HungUp) watch.Handler.OnHungUp();
            if ((told.Ready & Interest.Read) != 0 && IsStill(watch)) watch.Handler.OnReadable();
            if ((told.Ready & Interest.Write) != 0 && IsStill(watch)) watch.Handler.OnWritable();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A fault in one connection's code ends that connection, never the loop that serves the others.
            TellUnexpected(exception);
            watch.Close();
            Guarded(watch.Handler.OnFault);
        }
    }

    private bool IsStill(Watch watch) => watches.TryGet(watch.Key, out Watch? present) && present == watch;

    private void RunPosted()
    {
        // Cleared first: what is posted from here on wakes the loop again. With a full fence, or the first look into the
        // queue could come before the others see it cleared, and what is posted in between wakes nobody.
        Interlocked.Exchange(ref wakePending, 0);
        // Only what is there now: what posts itself again must not keep the sockets from their turn.
        for (int left = posted.Count; left > 0 && posted.TryDequeue(out Action? action); left--) Guarded(action);
    }

    private void RunDeferred()
    {
        while (deferred.TryDequeue(out Action? action)) Guarded(action);
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            TellUnexpected(exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Critical, "The loop cannot wait for its sockets any more and has ended.")]
        public static partial void LoopEnded(ILogger logger, Exception exception);
    }
}
