namespace FastGate.Proxy.Transport;

/// <summary>
/// A moment at which something is called unless it was moved or cleared before: a field that its loop looks at now and
/// then, so that moving it with every request costs one store. Belongs to the loop's thread.
/// </summary>
internal sealed class Deadline
{
    internal const long Never = long.MaxValue;

    private readonly DeadlineWheel _wheel;
    private readonly Action _expired;

    /// <param name="wheel">The wheel of the loop that owns it.</param>
    /// <param name="expired">Called on the loop's thread, at most once a setting.</param>
    internal Deadline(DeadlineWheel wheel, Action expired)
    {
        _wheel = wheel;
        _expired = expired;
        wheel.Add(this);
    }

    /// <summary>When it expires, as a timestamp of the loop's <see cref="TimeProvider"/>.</summary>
    internal long Due { get; private set; } = Never;

    /// <summary>It was called, and has not been set or cleared since.</summary>
    public bool HasExpired { get; private set; }

    /// <summary>Where the wheel keeps it.</summary>
    internal int Index { get; set; }

    public void Set(TimeSpan fromNow)
    {
        HasExpired = false;
        Due = _wheel.At(fromNow);
        _wheel.Lower(Due);
    }

    public void Clear()
    {
        HasExpired = false;
        Due = Never;
    }

    /// <summary>Takes it out of the wheel for good.</summary>
    public void Remove()
    {
        Due = Never;
        _wheel.Remove(this);
    }

    internal void Expire(Action<Action> run)
    {
        Due = Never;
        HasExpired = true;
        run(_expired);
    }
}

/// <summary>
/// The deadlines of one loop. All are looked at when the earliest may be due, and at most every
/// <see cref="Resolution"/>; a thousand of them take some microseconds, so nothing finer than an array is needed.
/// Belongs to the loop's thread.
/// </summary>
internal sealed class DeadlineWheel : IDisposable
{
    /// <summary>How late a deadline may be noticed. The shortest limit of the gate is a second and more.</summary>
    internal static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(50);

    // A timer takes no more than 49 days; after a day's ring the rest is waited for.
    private static readonly TimeSpan RingMax = TimeSpan.FromDays(1);

    private readonly List<Deadline> _deadlines = [];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _next = Deadline.Never;
    private volatile bool _rang;

    /// <param name="time">The clock, also of tests that do not wait.</param>
    /// <param name="wake">Wakes the loop; called by the clock's own thread.</param>
    public DeadlineWheel(TimeProvider time, Action wake)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Ring(wake), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Deadlines that were created and not removed, whether they are set or not.</summary>
    public int Count => _deadlines.Count;

    public void Dispose() => _timer.Dispose();

    /// <summary>Calls whatever is due; to be called by the loop after each wait.</summary>
    /// <param name="now">A timestamp of the clock.</param>
    /// <param name="run">Runs one expired action, and lets none of its exceptions out.</param>
    public void Turn(long now, Action<Action> run)
    {
        // A timer may ring before its time (it counts in coarse milliseconds): then it is set again for the rest.
        if (now < _next && !_rang)
            return;
        _rang = false;
        _next = Deadline.Never;
        long earliest = Deadline.Never;
        // Downwards: what is removed meanwhile has its place filled by one that was already looked at.
        for (int i = _deadlines.Count - 1; i >= 0; i = Math.Min(i, _deadlines.Count) - 1)
        {
            Deadline deadline = _deadlines[i];
            if (deadline.Due <= now)
                deadline.Expire(run);
            else
                earliest = Math.Min(earliest, deadline.Due);
        }
        Lower(earliest);
    }

    internal long At(TimeSpan fromNow) =>
        _time.GetTimestamp() + (long)(fromNow.TotalSeconds * _time.TimestampFrequency);

    internal void Lower(long due)
    {
        if (due >= _next)
            return;
        _next = due;
        TimeSpan wait = _time.GetElapsedTime(_time.GetTimestamp(), due);
        _timer.Change(
            TimeSpan.FromTicks(Math.Clamp(wait.Ticks, Resolution.Ticks, RingMax.Ticks)),
            Timeout.InfiniteTimeSpan
        );
    }

    internal void Add(Deadline deadline)
    {
        deadline.Index = _deadlines.Count;
        _deadlines.Add(deadline);
    }

    internal void Remove(Deadline deadline)
    {
        if (deadline.Index < 0)
            return;
        Deadline last = _deadlines[^1];
        _deadlines[deadline.Index] = last;
        last.Index = deadline.Index;
        _deadlines.RemoveAt(_deadlines.Count - 1);
        deadline.Index = -1;
    }

    private void Ring(Action wake)
    {
        _rang = true;
        wake();
    }
}
