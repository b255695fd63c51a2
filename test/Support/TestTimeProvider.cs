using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Support;

/// <summary>
/// A <see cref="FakeTimeProvider"/> for what that cannot do: its wall clock jumps without the timestamps, as when a
/// machine sleeps; a test can wait until a timer is set; and timers may fire early, or waits end at once. Any thread may
/// call it.
/// </summary>
internal sealed class TestTimeProvider : FakeTimeProvider
{
    // By timer: the timestamp at which it fires next; the maximum for a periodic one, which always fires again.
    private readonly ConcurrentDictionary<ITimer, long> _due = [];
    private long _jumped;

    /// <summary>How much too early timers fire, as those of the system may.</summary>
    public TimeSpan FiresEarlyBy { get; init; }

    /// <summary>A new timer advances the clock to its time, so that a wait between two attempts ends at once.</summary>
    public bool SkipsWaits { get; init; }

    /// <summary>Timers that will fire.</summary>
    public int TimersSet => _due.Values.Count(due => due > GetTimestamp());

    /// <summary>The time by which the clock was advanced.</summary>
    public TimeSpan Passed => TimeSpan.FromTicks(GetTimestamp() - Start.Ticks);

    // The base's timestamps are its wall clock.
    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _jumped));

    /// <summary>Moves the wall clock only, forwards or back.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _jumped, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        CountedTimer timer = new(
            this,
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan)
        );
        timer.Change(dueTime, period);
        if (SkipsWaits && dueTime > TimeSpan.Zero)
            Advance(dueTime);
        return timer;
    }

    private sealed class CountedTimer(TestTimeProvider time, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > time.FiresEarlyBy)
                dueTime -= time.FiresEarlyBy;
            long due =
                dueTime == Timeout.InfiniteTimeSpan ? 0
                : period > TimeSpan.Zero ? long.MaxValue
                : time.GetTimestamp() + dueTime.Ticks;
            bool isChanged = timer.Change(dueTime, period);
            if (isChanged)
                time._due[this] = due;
            return isChanged;
        }

        public void Dispose()
        {
            timer.Dispose();
            time._due.TryRemove(this, out _);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
