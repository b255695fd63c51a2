using System.Net.NetworkInformation;
using System.Threading.Channels;

namespace FastGate.Proxy.Listening;

/// <summary>
/// Says when the interfaces are worth a look: when the system tells of a change, at once after a sleep, and now and
/// then in case neither was noticed. Any thread may tell it; one may wait.
/// </summary>
internal sealed class InterfaceWatcher : IDisposable
{
    /// <summary>How soon a sleep is noticed. A tick compares two clocks: some microseconds.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>How far the clock may be set without meaning that the machine slept.</summary>
    internal static readonly TimeSpan Jump = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a change goes unseen of which nobody tells: on Linux .NET hears of IPv4 only. A look takes half a
    /// millisecond.
    /// </summary>
    internal static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    // A tunnel gets its addresses one by one, and a container's start is a dozen changes: one look for all of them.
    internal static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(50);

    // True for what somebody told. Whoever waits goes on in the tick itself: waking another thread costs more than a
    // look.
    private readonly Channel<bool> _told = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1)
        {
            FullMode = BoundedChannelFullMode.DropWrite,
            AllowSynchronousContinuations = true,
        }
    );
    private readonly Lock _ticking = new();
    private readonly TimeProvider _time;
    private readonly long _startStamp;
    private readonly DateTimeOffset _startClock;
    private readonly ITimer _timer;
    private readonly bool _isSubscribed;
    private TimeSpan _slept;
    private long _due;

    /// <param name="time">A clock whose timestamps stand still while the machine sleeps, as the system's do.</param>
    /// <param name="hearSystem">Whether to hear of changes from the system as well.</param>
    public InterfaceWatcher(TimeProvider time, bool hearSystem)
    {
        _time = time;
        _startStamp = time.GetTimestamp();
        _startClock = time.GetUtcNow();
        _isSubscribed = hearSystem && TrySubscribe();
        Expect();
        _timer = time.CreateTimer(_ => OnTick(), null, Tick, Tick);
    }

    /// <summary>Completes when a look is due. The next is counted from here.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        Expect();
        if (await _told.Reader.ReadAsync(cancellationToken))
            await Task.Delay(Settle, _time, cancellationToken);
        _told.Reader.TryRead(out _);
    }

    /// <summary>Something may have changed.</summary>
    public void Poll() => _told.Writer.TryWrite(true);

    /// <summary>Whether a look is due that nobody waits for yet.</summary>
    internal bool IsDue => _told.Reader.Count > 0;

    public void Dispose()
    {
        if (_isSubscribed)
            NetworkChange.NetworkAddressChanged -= OnChange;
        _timer.Dispose();
    }

    private void Expect()
    {
        lock (_ticking)
            _due = _time.GetTimestamp() + (long)(PollInterval.TotalSeconds * _time.TimestampFrequency);
    }

    private bool TrySubscribe()
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

    private void OnChange(object? sender, EventArgs change) => Poll();

    private void OnTick()
    {
        lock (_ticking)
        {
            if (!HasSlept() && _time.GetTimestamp() < _due)
                return;
            _due = long.MaxValue;
        }
        _told.Writer.TryWrite(false);
    }

    /// <summary>The wall clock goes on while the machine sleeps, the timestamps do not.</summary>
    private bool HasSlept()
    {
        TimeSpan apart = _time.GetUtcNow() - _startClock - _time.GetElapsedTime(_startStamp);
        bool jumped = (apart - _slept).Duration() > Jump;
        // A clock that is only drawn right, little by little, is followed without a look.
        _slept = apart;
        return jumped;
    }
}
