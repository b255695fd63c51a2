using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Metrics;

namespace FastGate.Test.Proxy.Metrics;

[TestClass]
public sealed class TallyTests
{
    private const int Exchanges = 1_000_000;

    [TestMethod]
    public void Part_NeverExceedsItsTotal_WhileAnotherThreadCounts()
    {
        Tally tally = new(loop: 0, listeners: 1, verdicts: 2);
        RuleTally rule = new(loops: 1);
        Thread counting = new(() => Count(tally, rule));
        counting.Start();
        long reads = 0,
            before = 0;
        while (counting.IsAlive)
        {
            HistogramReading reading = new();
            tally.Gate.AddTo(reading);
            HistogramSnapshot times = reading.ToSnapshot();
            long byRule = rule.Count;
            long byClass = Enumerable.Range(0, ListenerTally.Classes).Sum(tally.Listeners[0].OfClass);
            long all = tally.Listeners[0].OfVerdict(0) + tally.Listeners[0].OfVerdict(1);
            Assert.IsLessThanOrEqualTo(all, byClass);
            Assert.IsLessThanOrEqualTo(all, byRule);
            Assert.IsLessThanOrEqualTo(all, times.Count);
            Assert.IsGreaterThanOrEqualTo(before, times.Count, "counts only increase");
            Assert.IsGreaterThanOrEqualTo(
                times.Buckets[^1].Count * 1e-6 * 0.999,
                times.SumSeconds,
                "the sum includes everything counted"
            );
            before = times.Count;
            reads++;
        }
        Assert.IsGreaterThan(10, reads);
        Assert.AreEqual(Exchanges, tally.Listeners[0].OfVerdict(0) + tally.Listeners[0].OfVerdict(1));
        Assert.AreEqual(Exchanges, rule.Count);
        Assert.AreEqual(Exchanges / 10, tally.ClosesFor(CloseReason.ClientClose));
    }

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(100, 1)]
    [DataRow(204, 2)]
    [DataRow(599, 5)]
    [DataRow(999, 6)]
    public void Status_IsCountedInItsClass(int status, int statusClass)
    {
        Tally tally = new(loop: 0, listeners: 2, verdicts: 1);
        tally.Add(
            new ExchangeMetrics
            {
                Listener = 1,
                Verdict = 0,
                Status = status,
                GateNanoseconds = -1,
                FirstByteNanoseconds = -1,
            }
        );
        Assert.AreEqual(1, tally.Listeners[1].OfClass(statusClass));
        Assert.AreEqual(0, tally.Listeners[0].OfClass(statusClass));
        HistogramReading reading = new();
        tally.Gate.AddTo(reading);
        tally.FirstByte.AddTo(reading);
        Assert.AreEqual(0, reading.ToSnapshot().Count, "unknown durations are not counted");
    }

    private static void Count(Tally tally, RuleTally rule)
    {
        for (int i = 0; i < Exchanges; i++)
        {
            tally.Add(
                new ExchangeMetrics
                {
                    Listener = 0,
                    Verdict = i & 1,
                    Rule = rule,
                    Status = 100 * (i % 6),
                    GateNanoseconds = 1000 + (i & 0xFFFF),
                    FirstByteNanoseconds = -1,
                    Close = i % 10 == 0 ? CloseReason.ClientClose : CloseReason.None,
                }
            );
        }
    }
}
