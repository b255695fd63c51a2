namespace FastGate.Test.Support;

[TestClass]
public sealed class ManualTimeTests
{
    private readonly ManualTime time = new();
    private readonly List<string> rung = [];

    [TestMethod]
    public void Advance_RingsInOrderOfTime_AtTheirTime()
    {
        Set("b", seconds: 2);
        Set("a", seconds: 1);
        Set("later", seconds: 9);

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.AreEqual("a at 1, b at 2", string.Join(", ", rung));
        Assert.AreEqual(TimeSpan.FromSeconds(5), time.GetElapsedTime(0));
        Assert.AreEqual(5, time.GetUtcNow().Second);
        Assert.AreEqual(1, time.TimersSet);
    }

    [TestMethod]
    public void PeriodicTimer_RingsEachPeriod()
    {
        using ITimer timer = time.CreateTimer(
            _ => rung.Add("tick"), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        time.Advance(TimeSpan.FromSeconds(6));

        Assert.HasCount(3, rung);
    }

    [TestMethod]
    public void TimerSetWhileAnotherRings_RingsInTheSameAdvance()
    {
        time.CreateTimer(
            _ => Set("second", seconds: 1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        time.Advance(TimeSpan.FromSeconds(2));

        Assert.AreEqual("second at 2", string.Join(", ", rung));
    }

    [TestMethod]
    public void DisposedTimer_RingsNoMore()
    {
        ITimer timer = Set("never", seconds: 1);
        timer.Dispose();

        time.Advance(TimeSpan.FromSeconds(2));

        Assert.IsEmpty(rung);
        Assert.IsFalse(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [TestMethod]
    public async Task Delay_EndsWithAdvance()
    {
        Task delay = Task.Delay(TimeSpan.FromMinutes(1), time);
        Assert.IsFalse(delay.IsCompleted);

        time.Advance(TimeSpan.FromMinutes(1));

        await delay.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private ITimer Set(string name, int seconds) => time.CreateTimer(
        _ => rung.Add($"{name} at {time.GetElapsedTime(0).TotalSeconds}"),
        null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
}
