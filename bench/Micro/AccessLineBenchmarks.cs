using System.Text.Json;
using BenchmarkDotNet.Attributes;
using FastGate.Proxy.AccessLog;

namespace FastGate.Bench.Micro;

/// <summary>The cost of one access-log line on the thread that serves requests.</summary>
public class AccessLineBenchmarks
{
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 1, 19, 55, 23, TimeSpan.Zero);

    private readonly byte[] _line = new byte[LineWriter.LineBytesMax];

    [GlobalSetup]
    public void Check()
    {
        using JsonDocument json = JsonDocument.Parse(_line.AsMemory(0, Line()));
        if (json.RootElement.GetProperty("bytesSent").GetInt32() != 56_789)
            throw new InvalidOperationException("The line is wrong.");
    }

    [Benchmark(Baseline = true)]
    public int Line() =>
        LineWriter.Write(
            _line,
            new AccessLogEntry
            {
                Time = Time,
                Peer = "100.101.102.103"u8,
                Method = "POST"u8,
                Path = "/v1/chat/completions"u8,
                Rule = "POST /v1/chat/completions"u8,
                Verdict = "allowed"u8,
                Status = 200,
                BytesReceived = 48_611,
                BytesSent = 56_789,
                FirstByteMicroseconds = 912_345,
                DurationMicroseconds = 12_000_007,
                GateMicroseconds = 41,
            }
        );
}
