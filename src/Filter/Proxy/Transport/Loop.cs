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
    /// <param name="log">Where an unexpected exception is told.</param>
    /// <param name="name">The thread's name.</param>
    /// <param name="calls">What its sockets are spoken to by; the backend's own calls when nothing is said.</param>
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
        // Without them at the start, they are asked for again before each accept and connect.
        Reserve.TryKeep();
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    public string Backend => _readiness.Name;

    public BufferPool Buffers { get; }

    /// <summary>Returns memory to the system.</summary>
    public MemoryRelease Memory { get; }

    public TimeProvider Time => _time;

    /// <summary>When the present batch of events was fetched: the clock's timestamp from which waiting inside
    /// counts.</summary>
    public long Now { get; private set; }

    /// <summary>Completes when the thread has ended.</summary>
    public Task Stopped => _stopped.Task;

    public bool IsCurrent => Thread.CurrentThread == _thread;

    internal ISocketCalls Calls { get; }

    /// <summary>Many sockets have something in this turn, so that each gets less of it.</summary>
    internal bool IsCrowded { get; private set; }

    internal DescriptorReserve Reserve { get; } = new();

    /// <summary>Sockets that are watched.</summary>
    internal int WatchCount => _watches.Count;

    internal DeadlineWheel Wheel { get; }

    internal SlowLane Slow { get; } = new();

    /// <exception cref="IOException">The system has no room for another thread.</exception>
    public void Start() => StartThread(_thread);

    /// <summary>Starts a thread, which takes descriptors of the process for a moment.</summary>
    /// <exception cref="IOException">There are none, or there is no room for another thread; .NET takes both for a lack
    /// of memory.</exception>
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

    /// <summary>Ends the thread after the present batch and what was posted before. Any thread.</summary>
    public void Stop()
    {
        _stopping = true;
        Wake();
    }

    /// <summary>Runs an action on the loop's thread; after the loop has ended, never. Any thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
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

    /// <summary>Runs an action after the present event: for work that must not run inside its caller. Loop's
    /// thread.</summary>
    public void Defer(Action action) => _deferred.Enqueue(action);

    /// <summary>Logs an exception that nobody foresaw and that has ended one connection. Loop's thread.</summary>
    public void LogUnexpected(Exception exception) => _faults.Report(exception);

    public Deadline CreateDeadline(Action expired) => new(Wheel, expired);

    /// <exception cref="IOException">The system has no room for another watch.</exception>
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
            // The wait itself failed: this loop cannot go on, and says so rather than spin.
            Log.LoopEnded(_log, failure);
        }
        _stopped.SetResult();
    }

    private void Turn()
    {
        int count = _readiness.Wait(_ready, Slow.WaitMilliseconds);
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

    private void Deliver(in Readiness told)
    {
        if (!_watches.TryGet(told.Key, out Registration? watch))
            return;
        try
        {
            if (told.HungUp)
                watch.Handler.OnHungUp();
            if ((told.Ready & Interest.Read) != 0 && IsStill(watch))
                watch.Handler.OnReadable();
            if ((told.Ready & Interest.Write) != 0 && IsStill(watch))
                watch.Handler.OnWritable();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A fault in one connection's code ends that connection, never the loop that serves the others.
            LogUnexpected(exception);
            watch.Close();
            Guarded(watch.Handler.OnFault);
        }
    }

    private bool IsStill(Registration watch) =>
        _watches.TryGet(watch.Key, out Registration? present) && present == watch;

    private void RunPosted()
    {
        // Cleared first: what is posted from here on wakes the loop again. With a full fence, or the first look into
        // the queue could come before the others see it cleared, and what is posted in between wakes nobody.
        Interlocked.Exchange(ref _wakePending, 0);
        // Only what is there now: what posts itself again must not keep the sockets from their turn.
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
        [LoggerMessage(101, LogLevel.Critical, "The loop cannot wait for its sockets any more and has ended.")]
        public static partial void LoopEnded(ILogger logger, Exception exception);
    }
}
