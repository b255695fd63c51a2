using FastGate.Proxy.Listening;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Listening;

[TestClass]
public sealed class InterfaceWatcherTests
{
    private readonly TestTimeProvider _time = new();

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void NoNotification_IsDueFromTimeToTime(bool hearSystem)
    {
        using InterfaceWatcher watch = new(_time, hearSystem);
        _time.Advance(InterfaceWatcher.PollInterval - TimeSpan.FromMilliseconds(1));
        Assert.IsFalse(watch.IsDue);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsTrue(watch.IsDue);
    }

    [TestMethod]
    [DataRow(3600, true, DisplayName = "slept")]
    [DataRow(3, true, DisplayName = "slept a moment")]
    [DataRow(-3600, true, DisplayName = "set back")]
    [DataRow(1, false, DisplayName = "drawn right")]
    public void ClockThatJumps_IsDueAtTheNextTick(int seconds, bool isDue)
    {
        using InterfaceWatcher watch = new(_time, subscribe: true);
        _time.Jump(TimeSpan.FromSeconds(seconds));
        Assert.IsFalse(watch.IsDue);
        _time.Advance(InterfaceWatcher.Tick);
        Assert.AreEqual(isDue, watch.IsDue);
    }

    [TestMethod]
    public async Task Notification_EndsTheWait_AndManyCountAsOne()
    {
        using InterfaceWatcher watch = new(_time, subscribe: false);
        Task next = watch.NextAsync(CancellationToken.None);
        for (int i = 0; i < 100; i++)
            watch.Poll();
        await ArrivesAsync(next);
        Assert.IsFalse(watch.IsDue, "the poll covers changes during the settling time");
    }

    [TestMethod]
    public async Task NotificationBeforeAnyWait_IsNotForgotten()
    {
        using InterfaceWatcher watch = new(_time, subscribe: false);
        watch.Poll();
        Assert.IsTrue(watch.IsDue);
        await ArrivesAsync(watch.NextAsync(CancellationToken.None));
    }

    [TestMethod]
    public async Task Canceled_EndsTheWait()
    {
        using InterfaceWatcher watch = new(_time, subscribe: false);
        using CancellationTokenSource stopping = new();
        Task next = watch.NextAsync(stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => next.WithinDeadline());
    }

    [TestMethod]
    public void Disposed_LeavesNoTimer()
    {
        new InterfaceWatcher(_time, subscribe: true).Dispose();
        Assert.AreEqual(0, _time.TimersSet);
    }

    /// <summary>The notification arrives without another tick; only the settling time has to pass.</summary>
    private async Task ArrivesAsync(Task next)
    {
        using CancellationTokenSource late = new(StepDeadline.Longest);
        while (_time.TimersSet < 2 && !late.IsCancellationRequested)
            await Task.Yield();
        _time.Advance(InterfaceWatcher.Settle);
        await next.WithinDeadline();
    }
}
