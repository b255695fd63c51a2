using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class ReadinessCheckTests
{
    private const int ShortLimitMilliseconds = 200;

    private int _waits;

    private static IEnumerable<object[]> Here => BackendNames.Here;

    [TestMethod]
    [DynamicData(nameof(Here))]
    public void RealBackend_Passes(string backend) => Check(backend, _ => { }, "");

    [TestMethod]
    [DynamicData(nameof(Here))]
    public void SilentBackend_Fails(string backend) =>
        Check(backend, faulty => faulty.WaitWith = (_, _, _) => 0, "bytes are not reported");

    [TestMethod]
    [DynamicData(nameof(Here))]
    public void BackendThatReportsOnce_Fails(string backend) => Check(backend, ReportOnce, "bytes left unread");

    [TestMethod]
    [DynamicData(nameof(Here))]
    public void WrongKey_Fails(string backend) =>
        Check(
            backend,
            faulty =>
                faulty.WaitWith = (real, ready, timeout) =>
                {
                    int count = real.Wait(ready, timeout);
                    if (count > 0)
                        ready[0] = ready[0] with { Key = (int)ready[0].Key };
                    return count;
                },
            "bytes are not reported"
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public void BackendThatKeepsTheOldInterest_Fails(string backend) =>
        Check(backend, faulty => faulty.ChangeTo = _ => Interest.Read, "a writable socket is not reported");

    [TestMethod]
    [DynamicData(nameof(Here))]
    public void BackendThatKeepsInterest_Fails(string backend) =>
        Check(
            backend,
            faulty => faulty.ChangeTo = interest => interest == Interest.None ? Interest.Write : interest,
            "a socket without interest is reported"
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public void BackendThatCannotBeWoken_Fails(string backend) =>
        Check(backend, faulty => faulty.WakeWith = _ => { }, "wake-up");

    /// <summary>The end of an interrupted wait passed for a wake-up.</summary>
    [TestMethod]
    [DynamicData(nameof(Here))]
    public void BackendThatCannotBeWoken_FailsWhereSignalsEndWaits(string backend) =>
        Check(
            backend,
            faulty =>
            {
                faulty.WakeWith = _ => { };
                faulty.WaitWith = InterruptEveryOtherWait;
            },
            "wake-up"
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public void BackendThatNeverSleeps_Fails(string backend) =>
        Check(
            backend,
            faulty =>
                faulty.WaitWith = (real, ready, timeout) =>
                    real.Wait(ready, timeout == ReadinessCheck.SleepMilliseconds ? 0 : timeout),
            "although nothing is ready"
        );

    /// <summary>A signal ends a wait with nothing to report; kqueue was rejected for one such wait.</summary>
    [TestMethod]
    [DynamicData(nameof(Here))]
    public void EveryOtherWaitInterrupted_Passes(string backend)
    {
        Check(backend, faulty => faulty.WaitWith = InterruptEveryOtherWait, "");
        Assert.IsGreaterThan(6, _waits);
    }

    private int InterruptEveryOtherWait(IReadiness real, Span<Readiness> ready, int timeout) =>
        timeout != 0 && _waits++ % 2 == 0 ? 0 : real.Wait(ready, timeout);

    private static void ReportOnce(FaultyReadiness faulty)
    {
        bool reported = false;
        faulty.WaitWith = (real, ready, timeout) =>
        {
            if (reported)
                return 0;
            int count = real.Wait(ready, timeout);
            reported = count > 0;
            return count;
        };
    }

    private static void Check(string backend, Action<FaultyReadiness> bend, string problem)
    {
        using FaultyReadiness faulty = new(BackendNames.Create(backend));
        bend(faulty);
        // Failures wait for a time limit, which is not the subject of the test.
        Assert.Contains(
            problem,
            ReadinessCheck.Run(faulty, problem.Length == 0 ? ReadinessCheck.LimitMilliseconds : ShortLimitMilliseconds)
        );
        if (problem.Length == 0)
            Assert.AreEqual("", ReadinessCheck.Run(faulty), "the backend watches nothing afterwards");
    }
}
