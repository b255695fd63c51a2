namespace FastGate.Proxy.Transport;

/// <summary>
/// Polls the sockets for some microseconds before a loop blocks, because waking a blocked thread takes longer than
/// everything else that the gate does with a request. Polls only while a response is awaited, or once after a response
/// for the client's next request, only while waits of that kind have been short, and only while a
/// <see cref="PollTrial"/> finds them shorter with polling. Belongs to the loop's thread.
/// </summary>
/// <remarks>
/// Each check yields the processor. If another thread then ran for long, the machine needs its processors more than the
/// gate does: polling stops at once and pauses for longer each time. The clock is the system's, like that of the loop's
/// own wait: a test's clock moves neither.
/// </remarks>
internal sealed class BusyPoll
{
    /// <summary>The default limit: a little more than what waking a thread takes on a virtual machine, 40 to 90 µs.
    /// </summary>
    public static readonly TimeSpan DefaultTime = TimeSpan.FromMicroseconds(100);

    /// <summary>A kind of wait polls while more of its last waits were short than long, counted up to this.</summary>
    internal const int CreditMax = 16;

    /// <summary>With more exchanges in progress for each processor, all processors have work, and a poll would take
    /// from it.</summary>
    internal const int ExchangesPerProcessor = 2;

    /// <summary>The first pause after another thread took the processor, in waits.</summary>
    internal const int PauseMin = 64;

    /// <summary>The longest pause; it costs a busy machine one late request in so many.</summary>
    internal const int PauseMax = 4096;

    /// <summary>After so many polls in a row that no other thread disturbed, the next pause is short again.</summary>
    internal const int CalmPolls = 256;

    // A wait of more times the limit was long for another reason than a wake-up, and is not compared.
    private const int ComparableLimits = 4;

    // A yield takes less than a microsecond if no other thread wants the processor, and the time slice of another one
    // if it uses all of it: 1 to 4 ms. In between lie Ollama's own work and what a virtual machine's host takes.
    private static readonly TimeSpan Contended = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time;
    private readonly Action _yield;
    private readonly PowerSource _power;
    private readonly PollTrial? _trial;
    private readonly int _exchangesMax = ExchangesPerProcessor * Environment.ProcessorCount;
    private readonly long _limit;
    private readonly long _contended;
    private readonly Credit _responses = new();
    private readonly Credit _nextRequests = new();
    private Credit _credit;
    private bool _hasPolled;
    private long _began;
    private int _pause;
    private int _nextPause = PauseMin;
    private int _calm;
    private int _exchanges;
    private bool _hasEnded;

    private bool IsTurnedOff => _trial is { IsPolling: false };

    /// <param name="limit">The longest poll.</param>
    /// <param name="power">Says when the machine runs on its battery.</param>
    /// <param name="trial">Decides whether polling is faster; null to poll without comparing.</param>
    /// <param name="time">The clock of the polls.</param>
    /// <param name="yield">Gives up the processor for a moment; sched_yield(2) if null.</param>
    public BusyPoll(
        TimeSpan limit,
        PowerSource power,
        PollTrial? trial,
        TimeProvider? time = null,
        Action? yield = null
    )
    {
        _trial = trial;
        _time = time ?? TimeProvider.System;
        _yield = yield ?? (static () => Thread.Yield());
        _power = power;
        _limit = Ticks(limit);
        _contended = Ticks(Contended);
        _credit = _responses;
    }

    /// <summary>A request is passed on; its response is awaited.</summary>
    public void BeginExchange() => _exchanges++;

    /// <summary>The response is complete.</summary>
    public void EndExchange()
    {
        _exchanges--;
        _hasEnded = true;
    }

    /// <summary>Returns whether the coming wait is for one of a few responses, or for the request that may follow one.
    /// If so, <see cref="Wait"/> and, if that finds nothing, <see cref="EndBlocked"/> must follow.</summary>
    public bool TryBegin()
    {
        if (_exchanges > _exchangesMax || (_exchanges == 0 && !_hasEnded))
            return false;
        _credit = _exchanges > 0 ? _responses : _nextRequests;
        _hasEnded = false;
        return true;
    }

    /// <summary>Waits as <see cref="IReadiness.Wait"/> does, but without blocking and at most for the limit.</summary>
    /// <param name="readiness">The sockets.</param>
    /// <param name="ready">Receives the ready sockets.</param>
    /// <param name="wakePending">Not 0 when <see cref="IReadiness.Wake"/> was called: the poll ends.</param>
    /// <returns>0 if nothing is ready, and the loop must block.</returns>
    public int Wait(IReadiness readiness, Span<Readiness> ready, ref int wakePending)
    {
        _began = _time.GetTimestamp();
        _hasPolled = Volatile.Read(ref wakePending) == 0 && MayPoll();
        if (!_hasPolled)
            return 0;
        long before = _began;
        long now = _began;
        while (true)
        {
            int count = readiness.Wait(ready, 0);
            if (count > 0)
            {
                _credit.Add();
                Compare(_time.GetTimestamp() - _began);
                return count;
            }
            bool isContended = now - before > _contended;
            if (isContended)
                Pause();
            if (isContended || now - _began >= _limit || Volatile.Read(ref wakePending) != 0)
                return 0;
            before = now;
            _yield();
            now = _time.GetTimestamp();
        }
    }

    /// <summary>Learns from the wait that has just ended.</summary>
    /// <param name="count">What it returned; 0 after a wake-up, from which nothing is learned.</param>
    public void EndBlocked(int count)
    {
        if (count == 0)
            return;
        long duration = _time.GetTimestamp() - _began;
        // While nothing polls, each wait includes a wake-up, which must not decide whether the next trial may poll.
        if (!IsTurnedOff)
            Learn(duration);
        // A wait that should have polled, but could not, tells nothing about polling.
        if (_hasPolled || IsTurnedOff)
            Compare(duration);
    }

    private void Compare(long duration)
    {
        if (duration < ComparableLimits * _limit)
            _trial?.Add(duration);
    }

    private void Learn(long duration)
    {
        // The time includes the wake-up, so a poll would have ended sooner.
        if (!_hasPolled && duration < _limit)
            _credit.Add();
        else
            _credit.Subtract();
    }

    private bool MayPoll()
    {
        if (IsTurnedOff || !_credit.IsLeft)
            return false;
        if (_pause > 0)
        {
            _pause--;
            return false;
        }
        if (++_calm >= CalmPolls)
        {
            _calm = 0;
            _nextPause = PauseMin;
        }
        return !_power.IsBattery;
    }

    private void Pause()
    {
        _calm = 0;
        _pause = _nextPause;
        _nextPause = Math.Min(_nextPause * 2, PauseMax);
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    /// <summary>Counts the short waits of one kind against the long ones.</summary>
    private sealed class Credit
    {
        private int _count = CreditMax / 2;

        public bool IsLeft => _count > 0;

        public void Add() => _count = Math.Min(_count + 1, CreditMax);

        public void Subtract() => _count = Math.Max(_count - 1, 0);
    }
}
