using BenchmarkDotNet.Attributes;
using FastGate.Proxy.Metrics;

namespace FastGate.Bench.Micro;

/// <summary>The cost of counting one exchange on the thread that serves requests; allocation must be 0.</summary>
public class CountBenchmarks
{
    private readonly Tally _tally = new(loop: 0, listeners: 1, verdicts: 9);
    private readonly RuleTally _rule = new(loops: 1);

    [GlobalSetup]
    public void Check()
    {
        Count();
        if (_tally.Listeners[0].OfVerdict(1) != 1 || _rule.Count != 1)
            throw new InvalidOperationException("The counts are wrong.");
    }

    [Benchmark(Baseline = true)]
    public void Count() =>
        _tally.Add(
            new ExchangeMetrics
            {
                Listener = 0,
                Verdict = 1,
                Rule = _rule,
                Status = 200,
                BytesReceived = 48_611,
                BytesSent = 56_789,
                FirstByteNanoseconds = 912_345_678,
                GateNanoseconds = 41_234,
            }
        );
}
