using System.Diagnostics;

namespace FastGate.Bench.Micro;

/// <summary>
/// Runs what will be measured until tiered compilation has had the time to see and compile it: it waits 100 ms, twice, and
/// on a busy machine BenchmarkDotNet's own short warm-up would be over before.
/// </summary>
internal static class Warm
{
    private static readonly TimeSpan Time = TimeSpan.FromMilliseconds(500);

    public static void Up(Action once)
    {
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Time;)
        {
            for (int i = 0; i < 100; i++) once();
        }
    }
}
