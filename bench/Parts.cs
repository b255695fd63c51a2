using FastGate.Bench.Micro;
using FastGate.Bench.Workloads;

namespace FastGate.Bench;

/// <summary>All parts, in the order in which they run.</summary>
internal static class Parts
{
    public static IReadOnlyList<Part> All { get; } =
    [
        new(
            "scan",
            "scanning the recorded request heads, and matching rules (BenchmarkDotNet)",
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
        new("chat", "the recorded Claude Code request with 48 KB of content, 1 KB response", ChatWorkload.Measure),
        new("fresh", "a new connection for each small request", FreshWorkload.Measure),
        new(
            "crowd",
            "1 to 256 connections in a closed loop: requests per second, processor time",
            CrowdWorkload.Measure
        ),
        new("tokens", "server-sent events every 20 ms and every 1 ms: delay of each", TokensWorkload.Measure),
        new(
            "abort",
            "a client disconnects during a silent prefill: time until the upstream notices",
            AbortWorkload.Measure
        ),
        new("bulk", "256 MiB down, 64 MiB up: bytes per second, processor time", BulkWorkload.Measure),
        new(
            "quiet",
            "an idle gate, a silent prefill, one token stream every 20 ms: processor time",
            QuietWorkload.Measure
        ),
        new("idle", "1000 idle connections: memory, and what it consists of", IdleWorkload.Measure),
        new("start", "process start to first response", StartWorkload.Measure),
    ];
}

/// <summary>One measurement.</summary>
/// <param name="Name">Name for <c>--only</c>.</param>
/// <param name="Summary">Description for <c>--list</c>.</param>
/// <param name="Measure">Measures and returns the result.</param>
internal sealed record Part(string Name, string Summary, Func<Setting, PartResult> Measure);
