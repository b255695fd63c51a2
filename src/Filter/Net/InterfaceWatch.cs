using System.Net.NetworkInformation;
using System.Threading.Channels;

namespace FastGate.Net;

/// <summary>
/// Says when the interfaces are worth a look: when the system tells of a change, at once after a sleep, and now and then in
/// case neither was noticed. Any thread may tell it; one may wait.
/// </summary>
internal sealed class InterfaceWatch : IDisposable
{
    /// <summary>How soon a sleep is noticed. A tick compares two clocks: some microseconds.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>How far the clock may be set without meaning that the machine slept.</summary>
    internal static readonly TimeSpan Jump = TimeSpan.FromSeconds(2);

    /// <summary>While something is missing. A look takes about a millisecond.</summary>
    internal static readonly TimeSpan SoonLook = TimeSpan.FromSeconds(2);

    /// <summary>While all is bound, and the system tells of changes.</summary>
    internal static readonly TimeSpan LateLook = TimeSpan.FromSeconds(15);

    // A tunnel gets its addresses one by one, and a container's start is a dozen changes: one look for all of them.
    internal static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(50);

    private readonly Channel<bool> told = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock ticking = new();
    private readonly TimeProvider time;
    private readonly long startStamp;
    private readonly DateTimeOffset startClock;
    private readonly ITimer timer;
    private readonly bool isTold;
    private TimeSpan slept;
    private long due;

    /// <param name="time">A clock whose timestamps stand still while the machine sleeps, as the system's do.</param>
    /// <param name="hearSystem">Whether to hear of changes from the system as well.</param>
    public InterfaceWatch(TimeProvider time, bool hearSystem)
    {
        this.time = time;
        startStamp = time.GetTimestamp();
        startClock = time.GetUtcNow();
        isTold = hearSystem && TryHearSystem();
        due = At(SoonLook);
        timer = time.CreateTimer(_ => OnTick(), null, Tick, Tick);
    }

    /// <summary>Completes when a look is due. The next is counted from here.</summary>
    /// <param name="isSettled">Whether all that is wanted is bound: then it may take longer.</param>
    /// <param name="stopping">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task NextAsync(bool isSettled, CancellationToken stopping)
    {
        Expect(isSettled);
        await told.Reader.ReadAsync(stopping);
        await Task.Delay(Settle, time, stopping);
        told.Reader.TryRead(out _);
    }

    /// <summary>Something may have changed.</summary>
    public void Tell() => told.Writer.TryWrite(true);

    /// <summary>Whether a look is due that nobody waits for yet.</summary>
    internal bool IsDue => told.Reader.Count > 0;

    /// <summary>Counts from here to the look that comes by itself.</summary>
    internal void Expect(bool isSettled)
    {
        lock (ticking) due = At(isSettled && isTold ? LateLook : SoonLook);
    }

    public void Dispose()
    {
        if (isTold) NetworkChange.NetworkAddressChanged -= OnChange;
        timer.Dispose();
    }

    private bool TryHearSystem()
    {
        try
        {
            NetworkChange.NetworkAddressChanged += OnChange;
            return true;
        }
        catch (NetworkInformationException)
        {
            // No socket for it, or a sandbox that forbids it: looking now and then finds the same, later.
            return false;
        }
    }

    private void OnChange(object? sender, EventArgs change) => Tell();

    private void OnTick()
    {
        lock (ticking)
        {
            if (!HasSlept() && time.GetTimestamp() < due) return;
            due = long.MaxValue;
        }
        Tell();
    }

    /// <summary>The wall clock goes on while the machine sleeps, the timestamps do not.</summary>
    private bool HasSlept()
    {
        TimeSpan apart = time.GetUtcNow() - startClock - time.GetElapsedTime(startStamp);
        bool jumped = (apart - slept).Duration() > Jump;
        // A clock that is only drawn right, little by little, is followed without a look.
        slept = apart;
        return jumped;
    }

    private long At(TimeSpan fromNow) => time.GetTimestamp() + (long)(fromNow.TotalSeconds * time.TimestampFrequency);
}
