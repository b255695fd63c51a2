using System.Diagnostics;
using FastGate.Commands.Shared;

namespace FastGate.Commands.Demo;

/// <summary>The clock of the demo, which the stand-in also timestamps its events with.</summary>
internal static class DemoClock
{
    /// <summary>How long a request is repeated before it is measured, so that the runtime can recompile hot
    /// code.</summary>
    public const long WarmUpNanoseconds = 500_000_000;

    /// <summary>Nanoseconds since a fixed moment of this process.</summary>
    public static long Now => Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency);

    /// <summary>Formats a time or, with a sign, a difference of times.</summary>
    public static string Text(long nanoseconds) =>
        $"{(nanoseconds < 0 ? "-" : "")}{TextFormat.Time(Math.Abs(nanoseconds) / 1e9)}";
}
