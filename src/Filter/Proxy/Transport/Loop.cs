using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A thread that waits for its sockets and runs their handlers. Protocol code continues inline on it, so nothing that a
/// loop owns needs a lock. Other threads may call only <see cref="Post"/>, <see cref="PostAsync"/> and
/// <see cref="Stop"/>.
/// </summary>
internal sealed partial class Loop : IDisposable
{
    // As many simultaneous transfers as a household has.
    private const int FewSockets = 16;

    private readonly IReadiness _readiness;
    private readonly RegistrationTable _watches = new();
    private readonly Readiness[] _ready = new Readiness[256];
    private readonly ConcurrentQueue<Action> _posted = [];
    private readonly Queue<Action> _deferred = [];
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly Action<Action> _guarded;
    private readonly FaultNotices _faults;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _wakePending;
    private volatile bool _stopping;

    /// <param name="readiness">The backend; the loop disposes of it.</param>
    /// <param name="time">The clock for deadlines and timestamps.</param>
    /// <param name="log">Receives unexpected exceptions.</param>
    /// <param name="name">The thread's name.</param>
    /// <param name="calls">The socket calls to use; the backend's own if null.</param>
    public Loop(IReadiness readiness, TimeProvider time, ILogger log, string name, ISocketCalls? calls = null)
    {
        Calls = calls ?? readiness.Calls;
        _readiness = readiness;
        _time = time;
        _log = log;
        Wheel = new DeadlineWheel(time, Wake);
        _guarded = Guarded;
        _faults = new FaultNotices(this, log);
        Memory = new MemoryRelease(this);
        Buffers = new BufferPool { Dropped = Memory.Add };
        Now = time.GetTimestamp();
        // If this fails, each accept and connect tries again.
        Reserve.TryKeep();
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    public string Backend => _readiness.Name;

    public BufferPool Buffers { get; }

    /// <summary>Returns unused memory to the system.</summary>
    public MemoryRelease Memory { get; }

    public TimeProvider Time => _time;

    /// <summary>The clock's timestamp at which the current batch of events was fetched; time that a request waits in
    /// the loop counts from it.</summary>
    public long Now { get; private set; }

    /// <summary>The timestamp this long after <see cref="Now"/>.</summary>
    public long After(TimeSpan time) => Now + (long)(time.TotalSeconds * _time.TimestampFrequency);

    /// <summary>Completes when the thread has ended.</summary>
    public Task Stopped => _stopped.Task;

    public bool IsCurrent => Thread.CurrentThread == _thread;

    internal ISocketCalls Calls { get; }

    /// <summary>Many sockets are ready in this turn, so each gets a smaller share.</summary>
    internal bool IsCrowded { get; private set; }

    internal DescriptorReserve Reserve { get; } = new();

    /// <summary>The number of watched sockets.</summary>
    internal int WatchCount => _watches.Count;

    internal DeadlineWheel Wheel { get; }

    internal SlowLane Slow { get; } = new();

    /// <summary>Polls before the loop blocks; null when polling is off.</summary>
    internal BusyPoll? Poll { get; init; }

    /// <exception cref="IOException">The system has no room for another thread.</exception>
    public void Start() => StartThread(_thread);

    /// <summary>Starts a thread, which takes descriptors of the process for a moment.</summary>
    /// <exception cref="IOException">None are left, or the system has no room for another thread; .NET reports both as
    /// a lack of memory.</exception>
    internal static void StartThread(Thread thread)
    {
        try
        {
            thread.Start();
        }
        catch (OutOfMemoryException exception)
        {
            throw new IOException("the system has no room for another thread of this process", exception);
        }
    }

    /// <summary>Ends the thread after the current batch and the actions posted before. Any thread.</summary>
    public void Stop()
    {
        _stopping = true;
        Wake();
    }

    /// <summary>Runs an action on the loop's thread, or never if the loop has ended. Any thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        Wake();
    }

    /// <summary>Runs a function on the loop's thread and returns its result. Any thread.</summary>
    public Task<T> PostAsync<T>(Func<T> function)
    {
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                result.SetResult(function());
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Any exception belongs to the caller.
                result.SetException(exception);
            }
        });
        return result.Task;
    }

    /// <summary>Runs an action on the loop's thread and waits for its end. Any thread.</summary>
    public Task PostAsync(Action action) =>
        PostAsync(() =>
        {
            action();
            return true;
        });

    /// <summary>Runs an action after the current event, for work that must not run inside its caller. Loop's
    /// thread.</summary>
    public void Defer(Action action) => _deferred.Enqueue(action);

    /// <summary>Logs an unexpected exception that ended one connection. Loop's thread.</summary>
    public void LogUnexpected(Exception exception) => _faults.Report(exception);

    public Deadline CreateDeadline(Action expired) => new(Wheel, expired);

    /// <exception cref="IOException">The system cannot watch another socket.</exception>
    internal Registration Watch(Descriptor socket, IReadyHandler handler, Interest interest) =>
        new(_readiness, _watches, socket, handler, interest);

    public void Dispose()
    {
        Wheel.Dispose();
        Reserve.Dispose();
        _readiness.Dispose();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _wakePending, 1) == 0)
            _readiness.Wake();
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
                Turn();
            RunPosted();
            RunDeferred();
        }
        catch (IOException failure)
        {
            // The wait itself failed. The loop ends instead of spinning.
            Log.LoopEnded(_log, failure);
        }
        _stopped.SetResult();
    }

    private void Turn()
    {
        int count = Wait();
        Now = _time.GetTimestamp();
        IsCrowded = count > FewSockets;
        for (int i = 0; i < count; i++)
        {
            Deliver(in _ready[i]);
            RunDeferred();
        }
        if (Volatile.Read(ref _wakePending) != 0)
            RunPosted();
        Wheel.Turn(Now, _guarded);
        RunDeferred();
        Slow.Turn(_guarded);
        RunDeferred();
    }

    private int Wait()
    {
        int limit = Slow.WaitMilliseconds;
        // A poll in a flood would take time from the clients that it delays.
        if (limit >= 0 || Poll is null || !Poll.TryBegin())
            return _readiness.Wait(_ready, limit);
        int count = Poll.Wait(_readiness, _ready, ref _wakePending);
        if (count > 0)
            return count;
        // The poll may have consumed the event of a wake-up, which then ends no other wait.
        count = _readiness.Wait(_ready, Volatile.Read(ref _wakePending) != 0 ? 0 : limit);
        Poll.EndBlocked(count);
        return count;
    }

    private void Deliver(in Readiness readiness)
    {
        if (!_watches.TryGet(readiness.Key, out Registration? watch))
            return;
        try
        {
            if (readiness.HungUp)
                watch.Handler.OnHungUp();
            if ((readiness.Ready & Interest.Read) != 0 && IsStill(watch))
                watch.Handler.OnReadable();
            if ((readiness.Ready & Interest.Write) != 0 && IsStill(watch))
                watch.Handler.OnWritable();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // An exception in one connection's code ends that connection, never the loop that serves the others.
            LogUnexpected(exception);
            watch.Close();
            Guarded(watch.Handler.OnFault);
        }
    }

    private bool IsStill(Registration watch) =>
        _watches.TryGet(watch.Key, out Registration? present) && present == watch;

    private void RunPosted()
    {
        // Cleared first, so that actions posted from here on wake the loop again. This needs a full fence: without one,
        // the queue could be read before other threads see the flag cleared, and an action posted in between would wake
        // nothing.
        Interlocked.Exchange(ref _wakePending, 0);
        // Only the actions posted so far: one that posts itself again must not keep the sockets from their turn.
        for (int left = _posted.Count; left > 0 && _posted.TryDequeue(out Action? action); left--)
            Guarded(action);
    }

    private void RunDeferred()
    {
        while (_deferred.TryDequeue(out Action? action))
            Guarded(action);
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            LogUnexpected(exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Critical, "Waiting for sockets failed; the loop has ended.")]
        public static partial void LoopEnded(ILogger logger, Exception exception);
    }
}
