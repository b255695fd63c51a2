using BenchmarkDotNet.Attributes;
using FastGate.Proxy.Rules;

namespace FastGate.Bench.Micro;

/// <summary>The cost of compiling few and many rules, paid at startup and at each reload.</summary>
public class CompileBenchmarks
{
    private Rule[] _rules = [];

    [Params(10, 100, 1_000, 10_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Parse() => _rules = RuleBenchmarks.Rules(Count);

    [Benchmark]
    public object Compile() => RuleSet.Compile(_rules);
}
