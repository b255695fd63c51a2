using BenchmarkDotNet.Attributes;
using FastGate.Proxy.Rules;
using FastGate.Proxy.Wire;

namespace FastGate.Bench.Micro;

/// <summary>The cost of one recorded request head: scanning it, and scanning and matching it.</summary>
public class ScanBenchmarks
{
    private readonly RuleSet _rules = RuleSet.Compile(AllowList.Expand(["@seed", "@clients"]).Rules);
    private byte[] _head = [];

    /// <summary>Recorded heads: the smallest, a middle one, the largest.</summary>
    [Params(
        "codex-0.169-oss/02-GET-api-version",
        "sdks-js/04-POST-v1-chat-completions",
        "claude-code-2.1.329/02-POST-v1-messages-beta-true"
    )]
    public string Head { get; set; } = "";

    [GlobalSetup]
    public void Read()
    {
        _head = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "captures", Head + ".http"));
        if (Scan() != _head.Length || !ScanAndMatch())
            throw new InvalidOperationException($"{Head} was not scanned completely and allowed.");
    }

    [Benchmark(Baseline = true)]
    public int Scan()
    {
        RequestHead request = default;
        return RequestHeadScanner.Scan(_head, ref request) == ScanResult.Complete ? request.HeadLength : 0;
    }

    [Benchmark]
    public bool ScanAndMatch()
    {
        RequestHead request = default;
        return RequestHeadScanner.Scan(_head, ref request) == ScanResult.Complete
            && _rules.Match(request.Method(_head), request.Path(_head)).Allowed;
    }
}
