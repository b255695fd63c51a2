using System.Text;
using BenchmarkDotNet.Attributes;
using FastGate.Bench.Upstream;
using FastGate.Proxy.Wire;

namespace FastGate.Bench.Micro;

/// <summary>The cost of following chunked content: a stream of tokens as Ollama sends it, and large chunks.</summary>
public class ChunkBenchmarks
{
    private const int Tokens = 100;
    private const int LargeBytes = 32 * 1024;

    private readonly byte[] _tokens = new byte[Tokens * EventText.ChunkBytes];
    private readonly byte[] _large =
    [
        .. Encoding.ASCII.GetBytes($"{LargeBytes:x}\r\n"),
        .. Pattern.From(0, LargeBytes),
        .. "\r\n"u8,
    ];

    [GlobalSetup]
    public void Write()
    {
        for (int i = 0; i < Tokens; i++)
            EventText.WriteChunk(_tokens.AsSpan(i * EventText.ChunkBytes, EventText.ChunkBytes), i, i);
        if (HundredTokens() != _tokens.Length || LargeChunk() != _large.Length)
            throw new InvalidOperationException("The chunks were not consumed completely.");
    }

    [Benchmark(Baseline = true)]
    public int HundredTokens() => Take(_tokens);

    [Benchmark]
    public int LargeChunk() => Take(_large);

    private static int Take(ReadOnlySpan<byte> bytes)
    {
        ChunkScanner scanner = new(extensionsAllowed: false);
        return scanner.Take(bytes, out int taken) == ScanResult.Partial ? taken : 0;
    }
}
