using System.Net.NetworkInformation;
using System.Threading.Channels;

namespace FastGate.Proxy.Listening;

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

    /// <summary>
    /// How long a change goes unseen of which nobody tells: on Linux .NET hears of IPv4 only. A look takes half a millisecond.
    /// </summary>
    internal static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    // A tunnel gets its addresses one by one, and a container's start is a dozen changes: one look for all of them.
    internal static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(50);

    // True for what somebody told. Whoever waits goes on in the tick itself: waking another thread costs more than a look.
    private readonly Channel<bool> told = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, AllowSynchronousContinuations = true });
    private readonly Lock ticking = new();
    private readonly TimeProvider time;
    private readonly long startStamp;
    private readonly DateTimeOffset startClock;
    private readonly ITimer timer;
    private readonly bool isHeard;
    private TimeSpan slept;
    private long due;

    /// <param name="time">A clock whose timestamps stand still while the machine sleeps, as the system's do.</param>
    /// <param name="hearSystem">Whether to hear of changes from the system as well.</param>
    public InterfaceWatch(TimeProvider time, bool hearSystem)
    {
        this.time = time;
        startStamp = time.GetTimestamp();
        startClock = time.GetUtcNow();
        isHeard = hearSystem && TryHearSystem();
        Expect();
        timer = time.CreateTimer(_ => OnTick(), null, Tick, Tick);
    }

    /// <summary>Completes when a look is due. The next is counted from here.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task NextAsync(CancellationToken stopping)
    {
        Expect();
        if (await told.Reader.ReadAsync(stopping)) await Task.Delay(Settle, time, stopping);
        told.Reader.TryRead(out _);
    }

    /// <summary>Something may have changed.</summary>
    public void Tell() => told.Writer.TryWrite(true);

    /// <summary>Whether a look is due that nobody waits for yet.</summary>
    internal bool IsDue => told.Reader.Count > 0;

    public void Dispose()
    {
        if (isHeard) NetworkChange.NetworkAddressChanged -= OnChange;
        timer.Dispose();
    }

    private void Expect()
    {
        lock (ticking) due = time.GetTimestamp() + (long)(Look.TotalSeconds * time.TimestampFrequency);
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
            // No socket for it, or a sandbox that forbids it: looking now and then finds the same, two seconds later.
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
        told.Writer.TryWrite(false);
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
}
