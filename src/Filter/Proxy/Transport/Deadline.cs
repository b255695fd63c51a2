namespace FastGate.Proxy.Transport;

/// <summary>
/// A time at which an action is called, unless the deadline is moved or cleared first. It is a field that its loop
/// checks periodically, so moving it with every request costs one store. Belongs to the loop's thread.
/// </summary>
internal sealed class Deadline
{
    internal const long Never = long.MaxValue;

    private readonly DeadlineWheel _wheel;
    private readonly Action _expired;

    /// <param name="wheel">The wheel of the loop that owns it.</param>
    /// <param name="expired">Called on the loop's thread, at most once each time the deadline is set.</param>
    internal Deadline(DeadlineWheel wheel, Action expired)
    {
        _wheel = wheel;
        _expired = expired;
        wheel.Add(this);
    }

    /// <summary>When it expires, as a timestamp of the loop's <see cref="TimeProvider"/>.</summary>
    internal long Due { get; private set; } = Never;

    /// <summary>Whether it has expired and has not been set or cleared since.</summary>
    public bool HasExpired { get; private set; }

    /// <summary>Its index in the wheel.</summary>
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

    /// <summary>Removes it from the wheel permanently.</summary>
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
/// The deadlines of one loop. All are checked when the earliest may be due, and at most every <see cref="Resolution"/>.
/// Checking a thousand takes some microseconds, so a list is enough. Belongs to the loop's thread.
/// </summary>
internal sealed class DeadlineWheel : IDisposable
{
    /// <summary>How late a deadline may be noticed. The gate's shortest limit is a second.</summary>
    internal static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(50);

    // A timer accepts at most 49 days. After a day it fires, and is set again for the rest.
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(1);

    private readonly List<Deadline> _deadlines = [];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _next = Deadline.Never;
    private volatile bool _fired;

    /// <param name="time">The clock; tests use their own to avoid waiting.</param>
    /// <param name="wake">Wakes the loop; called on the timer's thread.</param>
    public DeadlineWheel(TimeProvider time, Action wake)
    {
        _time = time;
        _timer = time.CreateTimer(_ => OnTimer(wake), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Deadlines that were created and not removed, whether set or not.</summary>
    public int Count => _deadlines.Count;

    public void Dispose() => _timer.Dispose();

    /// <summary>Expires the deadlines that are due. The loop calls it after each wait.</summary>
    /// <param name="now">A timestamp of the clock.</param>
    /// <param name="run">Runs one expired action and catches its exceptions.</param>
    public void Turn(long now, Action<Action> run)
    {
        // A timer may fire early (it counts in coarse milliseconds); it is then set again for the rest.
        if (now < _next && !_fired)
            return;
        _fired = false;
        _next = Deadline.Never;
        long earliest = Deadline.Never;
        // Downwards: a removed deadline's place is filled by one that was already checked.
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
            TimeSpan.FromTicks(Math.Clamp(wait.Ticks, Resolution.Ticks, TimerMax.Ticks)),
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

    private void OnTimer(Action wake)
    {
        _fired = true;
        wake();
    }
}
