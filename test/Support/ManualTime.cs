namespace FastGate.Test.Support;

/// <summary>
/// A clock that only <see cref="Advance"/> moves, firing its timers in order on the calling thread. Timestamps are
/// ticks of 100 ns. Reading the clock is thread-safe.
/// </summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly long _start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;
    private long _now;
    private long _jumped;

    /// <summary>How early timers fire, as system timers may.</summary>
    public TimeSpan RingsEarlyBy { get; init; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>The number of active timers.</summary>
    public int TimersSet
    {
        get
        {
            lock (_gate)
                return _timers.Count(timer => timer.Due != ManualTimer.Never);
        }
    }

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() =>
        new(_start + GetTimestamp() + Interlocked.Read(ref _jumped), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        lock (_gate)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Advances the clock. A timer that is set while another one fires also fires, if it is due.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long end = GetTimestamp() + by.Ticks;
        while (TakeNext(end) is { } timer)
            timer.Ring();
        Interlocked.Exchange(ref _now, end);
    }

    /// <summary>Moves only the time of day, as when the machine sleeps or the clock is set.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _jumped, by.Ticks);

    internal bool Set(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (!_timers.Contains(timer))
                return false;
            timer.Set(dueTime == Timeout.InfiniteTimeSpan ? ManualTimer.Never : At(dueTime), period);
            return true;
        }
    }

    internal void Remove(ManualTimer timer)
    {
        lock (_gate)
            _timers.Remove(timer);
    }

    private long At(TimeSpan fromNow) => _now + Math.Max(0, fromNow.Ticks - RingsEarlyBy.Ticks);

    // The next timer due until then, already set for its next period; the clock is at its due time.
    private ManualTimer? TakeNext(long end)
    {
        lock (_gate)
        {
            ManualTimer? next = _timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > end)
                return null;
            Interlocked.Exchange(ref _now, Math.Max(_now, next.Due));
            next.Set(next.IsPeriodic ? At(next.Period) : ManualTimer.Never, next.Period);
            return next;
        }
    }
}
