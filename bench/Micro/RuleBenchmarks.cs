using BenchmarkDotNet.Attributes;
using FastGate.Proxy.Rules;

namespace FastGate.Bench.Micro;

/// <summary>The cost of a match among few and many rules.</summary>
public class RuleBenchmarks
{
    private RuleSet _rules = RuleSet.Compile([]);

    [Params(10, 100, 1_000, 10_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Compile()
    {
        _rules = RuleSet.Compile(Rules(Count));
        if (!Match() || Miss())
            throw new InvalidOperationException("The matches are wrong.");
    }

    internal static Rule[] Rules(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Rule.Parse($"GET /api/group{i % 97}/item{i}/{{name}}"))];

    [Benchmark(Baseline = true)]
    public bool Match() => _rules.Match("GET"u8, "/api/group7/item7/qwen2.5-coder:32b"u8).Allowed;

    [Benchmark]
    public bool Miss() => _rules.Match("GET"u8, "/api/group7/item7x/qwen2.5-coder:32b"u8).Allowed;
}
