namespace FastGate.Test.Support;

/// <summary>A timer of a <see cref="ManualTime"/>.</summary>
internal sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
{
    internal const long Never = long.MaxValue;

    internal long Due { get; private set; } = Never;

    internal TimeSpan Period { get; private set; } = Timeout.InfiniteTimeSpan;

    internal bool IsPeriodic => Period > TimeSpan.Zero;

    /// <returns>False after the timer was disposed of.</returns>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        // Rejects the same values as system timers do, so that a test notices them.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dueTime.TotalMilliseconds, uint.MaxValue - 1, nameof(dueTime));
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
        return time.Set(this, dueTime, period);
    }

    public void Dispose() => time.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Set(long due, TimeSpan period) => (Due, Period) = (due, period);

    internal void Ring() => callback(state);
}
