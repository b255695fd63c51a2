using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class BusyPollTests : IDisposable
{
    private const int LimitMicroseconds = 60;

    private readonly MicrosecondClock _clock = new();
    private readonly ScriptedSockets _sockets;
    private readonly Readiness[] _ready = new Readiness[1];
    private int _yieldMicroseconds;
    private bool _isBattery;
    private int _wakePending;

    public BusyPollTests() => _sockets = new ScriptedSockets(_clock);

    public void Dispose() => _sockets.Dispose();

    [TestMethod]
    public void WithoutARequest_LeavesTheWaitToTheLoop()
    {
        BusyPoll poll = Create();
        Assert.IsFalse(poll.TryBegin());
        poll.BeginExchange();
        poll.EndExchange();
        Assert.IsTrue(poll.TryBegin(), "the wait for the next request");
        Assert.IsFalse(poll.TryBegin(), "one wait after the response, and no other");
    }

    [TestMethod]
    public void ManyRequestsInProgress_LeaveTheWaitToTheLoop()
    {
        BusyPoll poll = Create();
        int few = BusyPoll.ExchangesPerProcessor * Environment.ProcessorCount;
        for (int i = 0; i < few; i++)
            poll.BeginExchange();
        Assert.IsTrue(poll.TryBegin());
        poll.BeginExchange();
        Assert.IsFalse(poll.TryBegin());
        poll.EndExchange();
        Assert.IsTrue(poll.TryBegin());
    }

    [TestMethod]
    public void ResponseWithinTheLimit_IsFoundWithoutBlocking()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = 10;
        Assert.AreEqual(1, Wait(poll));
        Assert.AreEqual(11, _sockets.Checks);
    }

    [TestMethod]
    public void ResponseThatTakesLonger_EndsThePollAtTheLimit()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        Assert.AreEqual(0, Wait(poll, blockedMicroseconds: 5000));
        Assert.AreEqual(LimitMicroseconds + 1, _sockets.Checks, "one check each microsecond");
    }

    [TestMethod]
    public void LongWaits_EndThePolling_AndNeverProbe()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        Assert.AreEqual(BusyPoll.CreditMax / 2, PollsOf(poll, waits: 60, blockedMicroseconds: 20_000));
        Assert.AreEqual(0, PollsOf(poll, waits: 10_000, blockedMicroseconds: 20_000));
    }

    [TestMethod]
    public void ShortWaits_BringPollingBack()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        PollsOf(poll, waits: 60, blockedMicroseconds: 20_000);
        Assert.AreEqual(0, PollsOf(poll, waits: 1, blockedMicroseconds: LimitMicroseconds / 2), "it blocked, briefly");
        _sockets.ReadyAfter = 5;
        Assert.AreEqual(20, PollsOf(poll, waits: 20));
    }

    [TestMethod]
    public void PollsThatAlwaysMissByALittle_End()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        Assert.AreEqual(BusyPoll.CreditMax / 2, PollsOf(poll, waits: 1000, blockedMicroseconds: LimitMicroseconds));
    }

    [TestMethod]
    public void NextRequest_IsLearnedByItself()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        PollsOf(poll, waits: 60, blockedMicroseconds: 20_000);
        poll.EndExchange();
        Assert.AreEqual(1, PollsOf(poll, waits: 1, blockedMicroseconds: 20_000));
    }

    [TestMethod]
    public void ProcessorThatOthersWant_EndsThePollAtOnce_AndPausesLongerEachTime()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        _yieldMicroseconds = 3000;
        // Each wait is short in the end, so only the pauses keep it from polling.
        Assert.AreEqual(1, PollsOf(poll, waits: 1, blockedMicroseconds: 1));
        Assert.AreEqual(2, _sockets.Checks, "one yield, one more check");
        for (int pause = BusyPoll.PauseMin; pause <= BusyPoll.PauseMax; pause *= 2)
        {
            Assert.AreEqual(0, PollsOf(poll, pause, blockedMicroseconds: 1), $"a pause of {pause}");
            Assert.AreEqual(1, PollsOf(poll, waits: 1, blockedMicroseconds: 1));
        }
        Assert.AreEqual(0, PollsOf(poll, BusyPoll.PauseMax, blockedMicroseconds: 1), "no longer pause");
    }

    [TestMethod]
    public void CalmMachine_ShortensTheNextPause()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        _yieldMicroseconds = 3000;
        PollsOf(poll, 1 + BusyPoll.PauseMin + 1 + (2 * BusyPoll.PauseMin), blockedMicroseconds: 1);
        (_yieldMicroseconds, _sockets.ReadyAfter) = (0, 5);
        Assert.AreEqual(BusyPoll.CalmPolls, PollsOf(poll, BusyPoll.CalmPolls));
        (_yieldMicroseconds, _sockets.ReadyAfter) = (3000, int.MaxValue);
        PollsOf(poll, 1, blockedMicroseconds: 1);
        Assert.AreEqual(0, PollsOf(poll, BusyPoll.PauseMin, blockedMicroseconds: 1));
        Assert.AreEqual(1, PollsOf(poll, 1, blockedMicroseconds: 1));
    }

    [TestMethod]
    public void ResponseDuringALongYield_IsASuccess()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _yieldMicroseconds = 3000;
        _sockets.ReadyAfter = 1;
        Assert.AreEqual(50, PollsOf(poll, waits: 50), "Ollama itself took the processor");
    }

    [TestMethod]
    public void WakeUp_EndsThePoll_AndTeachesNothing()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        _wakePending = 1;
        for (int i = 0; i < 100; i++)
        {
            Assert.IsTrue(poll.TryBegin());
            Assert.AreEqual(0, Wait(poll));
            Assert.AreEqual(0, _sockets.Checks);
            poll.EndBlocked(0);
        }
        _wakePending = 0;
        _sockets.ReadyAfter = 5;
        Assert.AreEqual(1, PollsOf(poll, waits: 1));
    }

    [TestMethod]
    public void MachineOnItsBattery_DoesNotPoll()
    {
        _isBattery = true;
        BusyPoll poll = Create(isRead: true);
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        Assert.AreEqual(0, PollsOf(poll, waits: 1000, blockedMicroseconds: 1));
    }

    [TestMethod]
    public void Trial_PollsOnlyWhileThatIsFaster()
    {
        BusyPoll poll = Create(trial: new PollTrial());
        poll.BeginExchange();
        Assert.AreEqual(0, PollsOf(poll, PollTrial.TrialWaits, blockedMicroseconds: 50), "before the trial");
        _sockets.ReadyAfter = 10;
        Assert.AreEqual(PollTrial.TrialWaits, PollsOf(poll, PollTrial.TrialWaits));
        Assert.AreEqual(PollTrial.IntervalMin, PollsOf(poll, PollTrial.IntervalMin), "10 instead of 50");
        Assert.AreEqual(0, PollsOf(poll, PollTrial.TrialWaits, blockedMicroseconds: 5), "a trial without");
        Assert.AreEqual(0, PollsOf(poll, 10, blockedMicroseconds: 5), "5 instead of 10");
    }

    [TestMethod]
    public void SlowWakeUps_DoNotKeepATrialFromPolling()
    {
        BusyPoll poll = Create(trial: new PollTrial());
        poll.BeginExchange();
        PollsOf(poll, PollTrial.TrialWaits, blockedMicroseconds: 2 * LimitMicroseconds);
        _sockets.ReadyAfter = 10;
        Assert.AreEqual(PollTrial.TrialWaits, PollsOf(poll, PollTrial.TrialWaits));
    }

    /// <summary>Regression: a pause, because another thread had the processor, could last as long as a trial. The trial
    /// then compared two times without polling, and failed.</summary>
    [TestMethod]
    public void Pause_ProlongsATrial()
    {
        BusyPoll poll = Create(trial: new PollTrial());
        poll.BeginExchange();
        PollsOf(poll, PollTrial.TrialWaits, blockedMicroseconds: 50);
        (_yieldMicroseconds, _sockets.ReadyAfter) = (3000, int.MaxValue);
        Assert.AreEqual(1, PollsOf(poll, 1, blockedMicroseconds: 50), "the trial begins; its first poll is disturbed");
        (_yieldMicroseconds, _sockets.ReadyAfter) = (0, 10);
        Assert.AreEqual(0, PollsOf(poll, BusyPoll.PauseMin, blockedMicroseconds: 50));
        Assert.AreEqual(PollTrial.TrialWaits, PollsOf(poll, PollTrial.TrialWaits), "none of the trial is over");
    }

    /// <summary>Regression: a virtual machine that stood still for 100 ms during a poll made polling look slow.</summary>
    [TestMethod]
    public void PollThatFoundSomethingLate_IsNotCompared()
    {
        BusyPoll poll = Create(trial: new PollTrial());
        poll.BeginExchange();
        PollsOf(poll, PollTrial.TrialWaits, blockedMicroseconds: 50);
        _sockets.ReadyAfter = 10;
        PollsOf(poll, PollTrial.WindowWaits);
        (_yieldMicroseconds, _sockets.ReadyAfter) = (100_000, 1);
        PollsOf(poll, waits: 1);
        (_yieldMicroseconds, _sockets.ReadyAfter) = (0, 10);
        Assert.AreEqual(PollTrial.IntervalMin, PollsOf(poll, PollTrial.IntervalMin), "the trial succeeds");
    }

    [TestMethod]
    public void LongWaits_AreNotCompared()
    {
        BusyPoll poll = Create(trial: new PollTrial());
        poll.BeginExchange();
        PollsOf(poll, 10 * PollTrial.TrialWaits, blockedMicroseconds: 4 * LimitMicroseconds);
        PollsOf(poll, PollTrial.TrialWaits - 1, blockedMicroseconds: 50);
        _sockets.ReadyAfter = 10;
        Assert.AreEqual(0, PollsOf(poll, 1, blockedMicroseconds: 50), "still before the trial");
        Assert.AreEqual(1, PollsOf(poll, 1));
    }

    [TestMethod]
    public void Polling_AllocatesNothing()
    {
        BusyPoll poll = Create(trial: new PollTrial());
        poll.BeginExchange();
        _sockets.ReadyAfter = 5;
        PollsOf(poll, waits: 10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        PollsOf(poll, waits: 3 * PollTrial.TrialWaits);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private BusyPoll Create(bool isRead = false, PollTrial? trial = null)
    {
        PowerSource power = new(_clock, () => _isBattery);
        if (isRead)
            ((IThreadPoolWorkItem)power).Execute();
        return new BusyPoll(
            TimeSpan.FromMicroseconds(LimitMicroseconds),
            power,
            trial,
            _clock,
            () => _clock.Now += _yieldMicroseconds
        );
    }

    /// <param name="poll">The poll.</param>
    /// <param name="blockedMicroseconds">How long the loop blocks if the poll finds nothing.</param>
    private int Wait(BusyPoll poll, int blockedMicroseconds = 0)
    {
        _sockets.Checks = 0;
        int count = poll.Wait(_sockets, _ready, ref _wakePending);
        _clock.Now += count == 0 ? blockedMicroseconds : 0;
        return count;
    }

    /// <summary>Counts the waits that polled.</summary>
    /// <param name="poll">The poll.</param>
    /// <param name="waits">How many waits to make.</param>
    /// <param name="blockedMicroseconds">How long the loop blocks if a poll finds nothing.</param>
    private int PollsOf(BusyPoll poll, int waits, int blockedMicroseconds = 0)
    {
        int polls = 0;
        for (int i = 0; i < waits; i++)
        {
            Assert.IsTrue(poll.TryBegin());
            if (Wait(poll, blockedMicroseconds) == 0)
                poll.EndBlocked(1);
            polls += _sockets.Checks > 0 ? 1 : 0;
        }
        return polls;
    }

    /// <summary>Sockets of which one is ready after so many checks; a check takes a microsecond.</summary>
    private sealed class ScriptedSockets(MicrosecondClock clock) : IReadiness
    {
        public int Checks { get; set; }

        public int ReadyAfter { get; set; }

        public string Name => "scripted";

        public ISocketCalls Calls => throw new NotSupportedException();

        public int Wait(Span<Readiness> ready, int timeoutMilliseconds)
        {
            Assert.AreEqual(0, timeoutMilliseconds, "a poll never blocks");
            clock.Now++;
            return Checks++ < ReadyAfter ? 0 : 1;
        }

        public void Add(Descriptor socket, long key, Interest interest) => throw new NotSupportedException();

        public void Change(Descriptor socket, long key, Interest before, Interest after) =>
            throw new NotSupportedException();

        public void Remove(Descriptor socket, Interest interest) => throw new NotSupportedException();

        public void RemoveClosing(Descriptor socket, Interest interest) => throw new NotSupportedException();

        public void Wake() => throw new NotSupportedException();

        public void Dispose() { }
    }

    /// <summary>A clock in microseconds that moves only when it is set.</summary>
    private sealed class MicrosecondClock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => Now;
    }
}
