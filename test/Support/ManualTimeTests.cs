namespace FastGate.Test.Support;

[TestClass]
public sealed class ManualTimeTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _rung = [];

    [TestMethod]
    public void Advance_FiresTimersInOrder_AtTheirDueTimes()
    {
        Set("b", seconds: 2);
        Set("a", seconds: 1);
        Set("later", seconds: 9);

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.AreEqual("a at 1, b at 2", string.Join(", ", _rung));
        Assert.AreEqual(TimeSpan.FromSeconds(5), _time.GetElapsedTime(0));
        Assert.AreEqual(5, _time.GetUtcNow().Second);
        Assert.AreEqual(1, _time.TimersSet);
    }

    [TestMethod]
    public void PeriodicTimer_FiresEachPeriod()
    {
        using ITimer timer = _time.CreateTimer(
            _ => _rung.Add("tick"),
            null,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(2)
        );

        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.HasCount(3, _rung);
    }

    [TestMethod]
    public void TimerSetWhileAnotherFires_FiresInTheSameAdvance()
    {
        _time.CreateTimer(_ => Set("second", seconds: 1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.AreEqual("second at 2", string.Join(", ", _rung));
    }

    [TestMethod]
    public void DisposedTimer_DoesNotFire()
    {
        ITimer timer = Set("never", seconds: 1);
        timer.Dispose();

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.IsEmpty(_rung);
        Assert.IsFalse(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [TestMethod]
    public async Task Delay_EndsWithAdvance()
    {
        Task delay = Task.Delay(TimeSpan.FromMinutes(1), _time);
        Assert.IsFalse(delay.IsCompleted);

        _time.Advance(TimeSpan.FromMinutes(1));

        await delay.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private ITimer Set(string name, int seconds) =>
        _time.CreateTimer(
            _ => _rung.Add($"{name} at {_time.GetElapsedTime(0).TotalSeconds}"),
            null,
            TimeSpan.FromSeconds(seconds),
            Timeout.InfiniteTimeSpan
        );
}
