using FastGate.Bench.Micro;
using FastGate.Bench.Workloads;

namespace FastGate.Bench;

/// <summary>Everything that is measured, in the order in which it runs.</summary>
internal static class Parts
{
    public static IReadOnlyList<Part> All { get; } =
    [
        new(
            "scan",
            "request head scanner and rules on the recorded heads (BenchmarkDotNet)",
            MicroRun.Of<ScanBenchmarks>
        ),
        new("rules", "a match among 10 to 10 000 rules, and compiling them (BenchmarkDotNet)", RulesRun.Measure),
        new("chunk", "chunked content: 100 tokens, one large chunk (BenchmarkDotNet)", MicroRun.Of<ChunkBenchmarks>),
        new("line", "one line of the access log (BenchmarkDotNet)", MicroRun.Of<AccessLineBenchmarks>),
        new("count", "the counts of one exchange (BenchmarkDotNet)", MicroRun.Of<CountBenchmarks>),
        new(
            "roundtrip",
            "GET /api/version direct and through a gate process (BenchmarkDotNet)",
            MicroRun.Of<RoundTripBenchmarks>
        ),
        new(
            "exchange",
            "one kept-alive connection, closed loop, GET /api/version: added time over direct",
            ExchangeWorkload.Measure
        ),
        new("chat", "the recorded Claude Code request with 48 KB of content, 1 KB answer", ChatWorkload.Measure),
        new("fresh", "a new connection for each small request", FreshWorkload.Measure),
        new("crowd", "1 to 256 connections in a closed loop: requests a second, processor time", CrowdWorkload.Measure),
        new("tokens", "server-sent events each 20 ms and each 1 ms: delay of each", TokensWorkload.Measure),
        new(
            "abort",
            "the client goes in the middle of a silent prefill: time until the upstream sees it",
            AbortWorkload.Measure
        ),
        new("bulk", "256 MiB down, 64 MiB up: bytes a second, processor time", BulkWorkload.Measure),
        new("idle", "1000 idle connections: resident memory", IdleWorkload.Measure),
        new("start", "process start to first answer", StartWorkload.Measure),
    ];
}

/// <summary>One thing that is measured.</summary>
/// <param name="Name">For <c>--only</c>.</param>
/// <param name="Summary">For <c>--list</c>.</param>
/// <param name="Measure">Measures, and gives what was found.</param>
internal sealed record Part(string Name, string Summary, Func<Setting, PartResult> Measure);
