using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class PollTrialTests
{
    private readonly PollTrial _trial = new();

    [TestMethod]
    public void FasterWithPolling_Polls_AndTriesWithoutAgain()
    {
        Assert.IsFalse(_trial.IsPolling);
        Add(PollTrial.TrialWaits, 90);
        Assert.IsTrue(_trial.IsPolling, "the trial");
        Add(PollTrial.TrialWaits, 40);
        Assert.IsTrue(_trial.IsPolling);
        Add(PollTrial.IntervalMin, 40);
        Assert.IsFalse(_trial.IsPolling, "a trial without");
        Add(PollTrial.TrialWaits, 90);
        Assert.IsTrue(_trial.IsPolling);
    }

    [TestMethod]
    [DataRow(20, 40)]
    [DataRow(40, 40)]
    [DataRow(40, 37)]
    public void NotFasterWithPolling_DoesNotPoll(int without, int with)
    {
        Add(PollTrial.TrialWaits, without);
        Add(PollTrial.TrialWaits, with);
        Assert.IsFalse(_trial.IsPolling);
    }

    [TestMethod]
    public void FirstHalfOfATrial_IsNotCompared()
    {
        Add(PollTrial.TrialWaits, 50);
        Add(PollTrial.TrialWaits / 2, 5000);
        Add(PollTrial.TrialWaits / 2, 40);
        Assert.IsTrue(_trial.IsPolling);
    }

    [TestMethod]
    public void TrialsThatChangeNothing_BecomeRare_AndAChangeMakesThemFrequent()
    {
        Add(PollTrial.TrialWaits, 50);
        for (int interval = 2 * PollTrial.IntervalMin; interval <= PollTrial.IntervalMax; interval *= 2)
            AssertFails(interval);
        AssertFails(PollTrial.IntervalMax);
        Add(PollTrial.TrialWaits, 20);
        Add(PollTrial.IntervalMin - 1, 20);
        Assert.IsTrue(_trial.IsPolling);
        Add(1, 20);
        Assert.IsFalse(_trial.IsPolling);
    }

    [TestMethod]
    [DataRow(90)]
    [DataRow(10)]
    public void WaitsThatChange_AreTriedAtOnce(int after)
    {
        Add(PollTrial.TrialWaits, 30);
        for (int interval = 2 * PollTrial.IntervalMin; interval <= PollTrial.IntervalMax; interval *= 2)
            AssertFails(interval, 30);
        Add(PollTrial.TrialWaits, 30);
        Add(PollTrial.WindowWaits, after);
        Assert.IsFalse(_trial.IsPolling, "once may be chance");
        Add(PollTrial.WindowWaits, after);
        Assert.IsTrue(_trial.IsPolling);
        Add(PollTrial.TrialWaits, after / 2);
        Assert.IsTrue(_trial.IsPolling);
    }

    [TestMethod]
    public void OneWindowThatDiffers_IsChance()
    {
        Add(2 * PollTrial.TrialWaits, 30);
        for (int i = 0; i < 5; i++)
        {
            Add(PollTrial.WindowWaits, 90);
            Add(PollTrial.WindowWaits, 30);
            Assert.IsFalse(_trial.IsPolling);
        }
    }

    /// <summary>The trial in progress fails, and the next one follows after the interval.</summary>
    private void AssertFails(int interval, int duration = 50)
    {
        Assert.IsTrue(_trial.IsPolling);
        Add(PollTrial.TrialWaits, duration);
        Add(interval - 1, duration);
        Assert.IsFalse(_trial.IsPolling);
        Add(1, duration);
    }

    private void Add(int waits, long duration)
    {
        for (int i = 0; i < waits; i++)
            _trial.Add(duration);
    }
}
