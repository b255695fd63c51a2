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
        Assert.AreEqual(0, Wait(poll));
        poll.BeginExchange();
        poll.EndExchange();
        Wait(poll);
        Assert.AreNotEqual(0, _sockets.Checks);
        Wait(poll);
        Assert.AreEqual(0, _sockets.Checks, "one wait after the response polls, and no other");
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
        Assert.AreEqual(0, Wait(poll));
        Assert.AreEqual(LimitMicroseconds + 1, _sockets.Checks, "one check each microsecond");
    }

    [TestMethod]
    public void PollsThatNeverPayOff_End_AndOneInSixtyFourWaitsProbes()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        Assert.AreEqual(BusyPoll.CreditMax / 2, PollsOf(poll, waits: 60));
        Assert.AreEqual(10, PollsOf(poll, waits: 10 * BusyPoll.ProbeInterval));
    }

    [TestMethod]
    public void ProbeThatPaysOff_BringsPollingBack()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        PollsOf(poll, waits: 60);
        _sockets.ReadyAfter = 5;
        PollsOf(poll, waits: BusyPoll.ProbeInterval);
        Assert.AreEqual(20, PollsOf(poll, waits: 20));
    }

    [TestMethod]
    public void NextRequest_IsJudgedByItself()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        PollsOf(poll, waits: 60);
        poll.EndExchange();
        Assert.AreEqual(1, PollsOf(poll, waits: 1), "responses never paid off, the next request still may");
    }

    [TestMethod]
    public void ProcessorThatOthersWant_EndsThePollAtOnce_AndPausesLongerEachTime()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        _yieldMicroseconds = 500;
        Assert.AreEqual(0, Wait(poll));
        Assert.AreEqual(2, _sockets.Checks);
        Assert.AreEqual(1, PollsOf(poll, BusyPoll.ProbeInterval));
        Assert.AreEqual(1, PollsOf(poll, 2 * BusyPoll.ProbeInterval));
        Assert.AreEqual(1, PollsOf(poll, 4 * BusyPoll.ProbeInterval));
        // 64, 128, … 4096, then 4096 each time.
        PollsOf(poll, 2 * BusyPoll.ProbeIntervalMax);
        Assert.AreEqual(2, PollsOf(poll, 2 * BusyPoll.ProbeIntervalMax));
    }

    [TestMethod]
    public void WakeUp_EndsThePoll()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        _wakePending = 1;
        Assert.AreEqual(0, Wait(poll));
        Assert.AreEqual(1, _sockets.Checks);
    }

    [TestMethod]
    public void MachineOnItsBattery_DoesNotPoll()
    {
        _isBattery = true;
        BusyPoll poll = Create(isRead: true);
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        Assert.AreEqual(0, PollsOf(poll, waits: 1000));
    }

    [TestMethod]
    public void Polling_AllocatesNothing()
    {
        BusyPoll poll = Create();
        poll.BeginExchange();
        _sockets.ReadyAfter = int.MaxValue;
        Wait(poll);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Wait(poll);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private BusyPoll Create(bool isRead = false)
    {
        PowerSource power = new(_clock, () => _isBattery);
        if (isRead)
            ((IThreadPoolWorkItem)power).Execute();
        return new BusyPoll(
            TimeSpan.FromMicroseconds(LimitMicroseconds),
            power,
            _clock,
            () => _clock.Now += _yieldMicroseconds
        );
    }

    private int Wait(BusyPoll poll)
    {
        _sockets.Checks = 0;
        return poll.Wait(_sockets, _ready, ref _wakePending);
    }

    /// <summary>Counts the waits that polled, which check the sockets more than once.</summary>
    private int PollsOf(BusyPoll poll, int waits)
    {
        int polls = 0;
        for (int i = 0; i < waits; i++)
        {
            Wait(poll);
            polls += _sockets.Checks > 1 ? 1 : 0;
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
