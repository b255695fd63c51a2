using FastGate.Bench.EndToEnd;
using FastGate.Bench.Micro;

namespace FastGate.Bench;

/// <summary>Everything that is measured, in the order in which it runs.</summary>
internal static class Parts
{
    public static IReadOnlyList<Part> All { get; } =
    [
        new("scan", "request head scanner and rules on the recorded heads (BenchmarkDotNet)", MicroRun.Of<ScanBenchmarks>),
        new("rules", "a match among 10 to 10 000 rules (BenchmarkDotNet)", MicroRun.Of<RuleBenchmarks>),
        new("exchange", "one kept-alive connection, closed loop, GET /api/version: added time over direct", ExchangeWorkload.Run),
    ];

    /// <returns>The exit code: 0 when every answer was right.</returns>
    public static int RunAll(IReadOnlyCollection<string> only, bool quick)
    {
        bool right = true;
        foreach (Part part in All)
        {
            if (only.Count > 0 && !only.Contains(part.Name)) continue;
            Console.WriteLine($"# {part.Name}: {part.Summary}");
            right &= part.Run(quick);
            Console.WriteLine();
        }
        Console.WriteLine(right ? "Every answer was right." : "Some answers were wrong: the figures mean nothing.");
        return right ? 0 : 1;
    }
}
