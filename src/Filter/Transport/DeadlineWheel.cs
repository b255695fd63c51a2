namespace FastGate.Transport;

/// <summary>
/// The deadlines of one loop. All are looked at when the earliest may be due, and at most every
/// <see cref="Resolution"/>; a thousand of them take some microseconds, so nothing finer than an array is needed.
/// Belongs to the loop's thread.
/// </summary>
internal sealed class DeadlineWheel : IDisposable
{
    /// <summary>How late a deadline may be noticed. The shortest limit of the gate is a second and more.</summary>
    internal static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(50);

    private readonly List<Deadline> deadlines = [];
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private long next = Deadline.Never;
    private bool removed;

    /// <param name="time">The clock, also of tests that do not wait.</param>
    /// <param name="wake">Wakes the loop; called by the clock's own thread.</param>
    public DeadlineWheel(TimeProvider time, Action wake)
    {
        this.time = time;
        timer = time.CreateTimer(_ => wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => timer.Dispose();

    /// <summary>Calls whatever is due; to be called by the loop after each wait.</summary>
    /// <param name="now">A timestamp of the clock.</param>
    public void Turn(long now)
    {
        if (now < next) return;
        next = Deadline.Never;
        long earliest = Deadline.Never;
        removed = false;
        for (int i = 0; i < deadlines.Count; i++)
        {
            Deadline deadline = deadlines[i];
            if (deadline.Due <= now) deadline.Expire();
            else earliest = Math.Min(earliest, deadline.Due);
        }
        // A call may have removed deadlines and so moved others to places already passed: look once more, soon.
        if (removed) earliest = Math.Min(earliest, At(Resolution));
        Lower(earliest);
    }

    internal long At(TimeSpan fromNow) =>
        time.GetTimestamp() + (long)(fromNow.TotalSeconds * time.TimestampFrequency);

    internal void Lower(long due)
    {
        if (due >= next) return;
        next = due;
        TimeSpan wait = time.GetElapsedTime(time.GetTimestamp(), due);
        timer.Change(wait < Resolution ? Resolution : wait, Timeout.InfiniteTimeSpan);
    }

    internal void Add(Deadline deadline)
    {
        deadline.Index = deadlines.Count;
        deadlines.Add(deadline);
    }

    internal void Remove(Deadline deadline)
    {
        if (deadline.Index < 0) return;
        removed = true;
        Deadline last = deadlines[^1];
        deadlines[deadline.Index] = last;
        last.Index = deadline.Index;
        deadlines.RemoveAt(deadlines.Count - 1);
        deadline.Index = -1;
    }
}
