namespace FastGate.Test.Support;

/// <summary>A clock that skips every wait: for code that pauses between two attempts.</summary>
internal sealed class SkippingTime : TimeProvider
{
    private long _now;

    public TimeSpan Passed => TimeSpan.FromTicks(Interlocked.Read(ref _now));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
            Interlocked.Add(ref _now, dueTime.Ticks);
        ManualTimer timer = new(new ManualTime(), callback, state);
        ThreadPool.QueueUserWorkItem(_ => timer.Ring());
        return timer;
    }
}
