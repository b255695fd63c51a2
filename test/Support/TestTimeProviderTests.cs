namespace FastGate.Test.Support;

[TestClass]
public sealed class TestTimeProviderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestTimeProvider _time = new();
    private int _fired;

    [TestMethod]
    [DataRow(3600)]
    [DataRow(-3600)]
    public void Jump_MovesTheWallClockOnly(int seconds)
    {
        using ITimer timer = Create(_time, Second);
        long before = _time.GetTimestamp();

        _time.Jump(TimeSpan.FromSeconds(seconds));

        Assert.AreEqual(before, _time.GetTimestamp());
        Assert.AreEqual(_time.Start + TimeSpan.FromSeconds(seconds), _time.GetUtcNow());
        Assert.AreEqual(0, _fired);
        _time.Advance(Second);
        Assert.AreEqual(1, _fired);
        Assert.AreEqual(Second, _time.GetElapsedTime(before));
        Assert.AreEqual(_time.Start + TimeSpan.FromSeconds(seconds + 1), _time.GetUtcNow());
    }

    [TestMethod]
    public void TimersSet_CountsThoseThatWillFire()
    {
        using ITimer unset = Create(_time, Timeout.InfiniteTimeSpan);
        Assert.AreEqual(0, _time.TimersSet);
        using ITimer once = Create(_time, Second);
        ITimer periodic = Create(_time, Second, Second);
        Assert.AreEqual(2, _time.TimersSet);

        _time.Advance(3 * Second);

        Assert.AreEqual(1 + 3, _fired);
        Assert.AreEqual(1, _time.TimersSet);
        unset.Change(Second, Timeout.InfiniteTimeSpan);
        Assert.AreEqual(2, _time.TimersSet);
        periodic.Dispose();
        Assert.AreEqual(1, _time.TimersSet);
        Assert.IsFalse(periodic.Change(Second, Second));
        _time.Advance(Second);
        Assert.AreEqual(1 + 3 + 1, _fired);
    }

    [TestMethod]
    public void FiresEarlyBy_MovesTheFiring()
    {
        TestTimeProvider time = new() { FiresEarlyBy = TimeSpan.FromMilliseconds(4) };
        using ITimer timer = Create(time, Second);

        time.Advance(TimeSpan.FromMilliseconds(995));
        Assert.AreEqual(0, _fired);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.AreEqual(1, _fired);
    }

    [TestMethod]
    public async Task SkipsWaits_EndsADelayAtOnce()
    {
        TestTimeProvider time = new() { SkipsWaits = true };

        await Task.Delay(TimeSpan.FromMinutes(1), time).WithinDeadline();

        Assert.AreEqual(TimeSpan.FromMinutes(1), time.Passed);
        Assert.AreEqual(0, time.TimersSet);
    }

    [TestMethod]
    public async Task Delay_EndsWithAdvance()
    {
        Task delay = Task.Delay(TimeSpan.FromMinutes(1), _time);
        Assert.IsFalse(delay.IsCompleted);

        _time.Advance(TimeSpan.FromMinutes(1));

        await delay.WithinDeadline();
    }

    private ITimer Create(TestTimeProvider time, TimeSpan dueTime, TimeSpan? period = null) =>
        time.CreateTimer(_ => _fired++, null, dueTime, period ?? Timeout.InfiniteTimeSpan);
}
