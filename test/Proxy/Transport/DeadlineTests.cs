using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class DeadlineTests
{
    private readonly List<string> _expired = [];
    private readonly List<Exception> _faults = [];

    [TestMethod]
    public void Deadline_ExpiresOnceAtItsTime()
    {
        using Wheel wheel = new(this, new TestTimeProvider());
        wheel.Create("a").Set(TimeSpan.FromSeconds(2));

        wheel.Advance(seconds: 1.9);
        Assert.IsEmpty(_expired);
        wheel.Advance(seconds: 0.2);
        wheel.Advance(seconds: 10);

        Assert.AreEqual("a", string.Join(", ", _expired));
        Assert.AreEqual(0, wheel.Time.TimersSet);
    }

    [TestMethod]
    public void MovedDeadline_ExpiresAtTheLaterTime()
    {
        using Wheel wheel = new(this, new TestTimeProvider());
        Deadline deadline = wheel.Create("a");
        deadline.Set(TimeSpan.FromSeconds(2));
        wheel.Advance(seconds: 1);
        deadline.Set(TimeSpan.FromSeconds(2));

        wheel.Advance(seconds: 1.5);
        Assert.IsEmpty(_expired);
        wheel.Advance(seconds: 1);

        Assert.HasCount(1, _expired);
    }

    [TestMethod]
    public void ClearedOrRemovedDeadline_DoesNotExpire()
    {
        using Wheel wheel = new(this, new TestTimeProvider());
        Deadline cleared = wheel.Create("cleared");
        Deadline removed = wheel.Create("removed");
        cleared.Set(TimeSpan.FromSeconds(1));
        removed.Set(TimeSpan.FromSeconds(1));
        cleared.Clear();
        removed.Remove();

        wheel.Advance(seconds: 5);

        Assert.IsEmpty(_expired);
    }

    // Regression: the system's timers count coarse milliseconds, and after one that fired early no other was set.
    [TestMethod]
    public void TimerThatFiresEarly_IsSetAgain()
    {
        using Wheel wheel = new(this, new TestTimeProvider { FiresEarlyBy = TimeSpan.FromMilliseconds(4) });
        wheel.Create("a").Set(TimeSpan.FromSeconds(2));

        wheel.Advance(seconds: 1.998);
        Assert.IsEmpty(_expired);
        wheel.Advance(seconds: 0.1);

        Assert.HasCount(1, _expired);
    }

    // The system's timers accept at most 49 days.
    [TestMethod]
    public void DeadlineInAHundredDays_Expires()
    {
        using Wheel wheel = new(this, new TestTimeProvider());
        wheel.Create("a").Set(TimeSpan.FromDays(100));

        for (int day = 0; day < 99; day++)
            wheel.Advance(seconds: 86400);
        Assert.IsEmpty(_expired);
        wheel.Advance(seconds: 86401);

        Assert.HasCount(1, _expired);
    }

    [TestMethod]
    public void DeadlineThatThrows_DoesNotStopTheOthers()
    {
        using Wheel wheel = new(this, new TestTimeProvider());
        wheel.Create("a").Set(TimeSpan.FromSeconds(1));
        wheel.Create(() => throw new InvalidOperationException()).Set(TimeSpan.FromSeconds(1));
        wheel.Create("b").Set(TimeSpan.FromSeconds(1));
        wheel.Create("later").Set(TimeSpan.FromSeconds(3));

        wheel.Advance(seconds: 1);
        wheel.Advance(seconds: 5);

        Assert.AreEqual("a, b, later", string.Join(", ", _expired.Order()));
        Assert.HasCount(1, _faults);
    }

    [TestMethod]
    public void DeadlineThatEndsASession_ClearsItsOthersAndKeepsItsNeighbours()
    {
        using Wheel wheel = new(this, new TestTimeProvider());
        List<Deadline> session = [];
        wheel.Create("before").Set(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 3; i++)
            session.Add(wheel.Create(() => session.ForEach(other => other.Remove())));
        wheel.Create("after").Set(TimeSpan.FromSeconds(1));
        foreach (Deadline deadline in session)
            deadline.Set(TimeSpan.FromSeconds(1));

        wheel.Advance(seconds: 1);

        Assert.AreEqual("after, before", string.Join(", ", _expired.Order()));
    }

    [TestMethod]
    public async Task LoopWithFakeClock_ExpiresOnItsThread()
    {
        TestTimeProvider time = new();
        await using TestLoop test = new("portable", time);
        bool onLoop = false;
        await test.RunAsync(() =>
            test.Loop.CreateDeadline(() => onLoop = test.Loop.IsCurrent).Set(TimeSpan.FromSeconds(10))
        );

        time.Advance(TimeSpan.FromSeconds(10));

        await test.UntilAsync(() => onLoop);
    }

    [TestMethod]
    public async Task IdleLoopWithRealClock_Expires()
    {
        await using TestLoop test = new("portable");
        TaskCompletionSource noticed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        await test.RunAsync(() => test.Loop.CreateDeadline(noticed.SetResult).Set(TimeSpan.FromMilliseconds(60.9)));

        await noticed.Task.WaitAsync(TestLoop.Limit);
    }

    /// <summary>A wheel that turns after each step of its clock if the clock woke it, as in a loop.</summary>
    private sealed class Wheel : IDisposable
    {
        private readonly DeadlineTests _test;
        private readonly DeadlineWheel _wheel;
        private bool _woken;

        public Wheel(DeadlineTests test, TestTimeProvider time)
        {
            _test = test;
            Time = time;
            _wheel = new DeadlineWheel(time, () => _woken = true);
        }

        public TestTimeProvider Time { get; }

        public Deadline Create(string name) => Create(() => _test._expired.Add(name));

        public Deadline Create(Action action) => new(_wheel, action);

        public void Dispose() => _wheel.Dispose();

        public void Advance(double seconds)
        {
            Time.Advance(TimeSpan.FromSeconds(seconds));
            if (_woken)
                _wheel.Turn(Time.GetTimestamp(), Run);
            _woken = false;
        }

        private void Run(Action action)
        {
            try
            {
                action();
            }
            catch (InvalidOperationException exception)
            {
                // A loop would log it.
                _test._faults.Add(exception);
            }
        }
    }
}
