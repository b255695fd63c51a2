namespace FastGate.Proxy.Transport;

/// <summary>
/// Polls the sockets for some microseconds before a loop blocks, because waking a blocked thread takes longer than
/// everything else that the gate does with a request. Polls only while a response is awaited, or once after a response
/// for the client's next request, and only while that has paid off. Belongs to the loop's thread.
/// </summary>
/// <remarks>
/// Each check yields the processor. If another thread then ran, the machine needs its processors more than the gate
/// does: polling stops at once and pauses for longer each time. The clock is the system's, like that of the loop's own
/// wait: a test's clock moves neither.
/// </remarks>
internal sealed class BusyPoll
{
    /// <summary>The limit that suits most machines: twice what waking a thread takes on a virtual machine.</summary>
    public static readonly TimeSpan UsualTime = TimeSpan.FromMicroseconds(60);

    /// <summary>The credit of each kind of wait at most: as many waits without success end the polling.</summary>
    internal const int CreditMax = 16;

    /// <summary>Without credit, one wait in so many polls, so that a change is noticed.</summary>
    internal const int ProbeInterval = 64;

    /// <summary>The longest pause, in waits, on a machine without an idle processor.</summary>
    internal const int ProbeIntervalMax = 4096;

    // A yield takes less than a microsecond if no other thread wants the processor.
    private static readonly TimeSpan Contended = TimeSpan.FromMicroseconds(20);

    private readonly TimeProvider _time;
    private readonly Action _yield;
    private readonly PowerSource _power;
    private readonly long _limit;
    private readonly long _contended;
    private readonly History _responses = new();
    private readonly History _nextRequests = new();
    private int _exchanges;
    private bool _hasEnded;

    /// <param name="limit">The longest poll.</param>
    /// <param name="power">Says when the machine runs on its battery.</param>
    /// <param name="time">The clock of the polls.</param>
    /// <param name="yield">Gives up the processor for a moment; sched_yield(2) if null.</param>
    public BusyPoll(TimeSpan limit, PowerSource power, TimeProvider? time = null, Action? yield = null)
    {
        _time = time ?? TimeProvider.System;
        _yield = yield ?? (static () => Thread.Yield());
        _power = power;
        _limit = Ticks(limit);
        _contended = Ticks(Contended);
    }

    /// <summary>A request is passed on; its response is awaited.</summary>
    public void BeginExchange() => _exchanges++;

    /// <summary>The response is complete.</summary>
    public void EndExchange()
    {
        _exchanges--;
        _hasEnded = true;
    }

    /// <summary>Waits as <see cref="IReadiness.Wait"/> does, but without blocking and at most for the limit.</summary>
    /// <param name="readiness">The sockets.</param>
    /// <param name="ready">Receives the ready sockets.</param>
    /// <param name="wakePending">Not 0 when <see cref="IReadiness.Wake"/> was called: the poll ends.</param>
    /// <returns>0 if nothing is ready, and the loop must block.</returns>
    public int Wait(IReadiness readiness, Span<Readiness> ready, ref int wakePending)
    {
        bool isNextRequest = _exchanges == 0;
        if (isNextRequest && !_hasEnded)
            return 0;
        _hasEnded = false;
        int count = readiness.Wait(ready, 0);
        History history = isNextRequest ? _nextRequests : _responses;
        if (count > 0 || Volatile.Read(ref wakePending) != 0 || !history.Begins() || _power.IsBattery)
            return count;
        long now = _time.GetTimestamp();
        long end = now + _limit;
        while (now < end)
        {
            long before = now;
            _yield();
            count = readiness.Wait(ready, 0);
            if (count > 0)
            {
                history.Succeed();
                return count;
            }
            if (Volatile.Read(ref wakePending) != 0)
                return 0;
            now = _time.GetTimestamp();
            if (now - before > _contended)
            {
                history.Pause();
                return 0;
            }
        }
        history.Fail();
        return 0;
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    /// <summary>How well polling has paid off for one kind of wait.</summary>
    private sealed class History
    {
        private int _credit = CreditMax / 2;
        private int _interval = ProbeInterval;
        private int _waits;

        /// <summary>Counts a wait that would block, and returns whether to poll first.</summary>
        public bool Begins()
        {
            if (_credit > 0)
                return true;
            if (++_waits < _interval)
                return false;
            _waits = 0;
            return true;
        }

        public void Succeed()
        {
            // A probe that succeeds gets a few more polls to prove itself.
            _credit = _credit == 0 ? CreditMax / 4 : Math.Min(_credit + 1, CreditMax);
            _interval = ProbeInterval;
        }

        public void Fail() => _credit = Math.Max(_credit - 1, 0);

        public void Pause()
        {
            if (_credit == 0)
                _interval = Math.Min(_interval * 2, ProbeIntervalMax);
            _credit = 0;
        }
    }
}
