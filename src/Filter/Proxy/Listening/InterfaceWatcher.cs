using System.Net.NetworkInformation;
using System.Threading.Channels;

namespace FastGate.Proxy.Listening;

/// <summary>
/// Signals when to poll the interfaces: when the system reports a change, immediately after a sleep, and at intervals
/// in case neither was noticed. Any thread may call <see cref="Poll"/>; one may wait.
/// </summary>
internal sealed class InterfaceWatcher : IDisposable
{
    /// <summary>How soon a sleep is noticed. A tick compares two clocks, which takes a few microseconds.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>A larger step of the wall clock means that the machine slept.</summary>
    internal static readonly TimeSpan Jump = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The maximum time until a change is noticed that the system does not report: on Linux, .NET gets IPv4
    /// changes only. A poll takes half a millisecond.
    /// </summary>
    internal static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    // A tunnel gets its addresses one by one, and a container's start is a dozen changes: one poll covers them all.
    internal static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(50);

    // True for a reported change, false for a tick. The waiting task continues inside the tick: waking another thread
    // costs more than a poll.
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
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

    /// <param name="time">A clock whose timestamps stop while the machine sleeps, as the system's do.</param>
    /// <param name="subscribe">Whether to subscribe to the system's change events.</param>
    public InterfaceWatcher(TimeProvider time, bool subscribe)
    {
        _time = time;
        _startStamp = time.GetTimestamp();
        _startClock = time.GetUtcNow();
        _isSubscribed = subscribe && TrySubscribe();
        Schedule();
        _timer = time.CreateTimer(_ => OnTick(), null, Tick, Tick);
    }

    /// <summary>Completes when a poll is due; the interval to the next one starts with this call.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        Schedule();
        if (await _signals.Reader.ReadAsync(cancellationToken))
            await Task.Delay(Settle, _time, cancellationToken);
        _signals.Reader.TryRead(out _);
    }

    /// <summary>Requests a poll: something may have changed.</summary>
    public void Poll() => _signals.Writer.TryWrite(true);

    /// <summary>Whether a poll is due that no task is waiting for.</summary>
    internal bool IsDue => _signals.Reader.Count > 0;

    public void Dispose()
    {
        if (_isSubscribed)
            NetworkChange.NetworkAddressChanged -= OnChange;
        _timer.Dispose();
    }

    private void Schedule()
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
            // No socket is left, or a sandbox forbids it: polling finds the same, two seconds later.
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
        _signals.Writer.TryWrite(false);
    }

    /// <summary>The wall clock runs while the machine sleeps; the timestamps do not.</summary>
    private bool HasSlept()
    {
        TimeSpan apart = _time.GetUtcNow() - _startClock - _time.GetElapsedTime(_startStamp);
        bool jumped = (apart - _slept).Duration() > Jump;
        // A clock that is adjusted gradually causes no poll.
        _slept = apart;
        return jumped;
    }
}
