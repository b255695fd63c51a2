using System.Diagnostics;
using System.Globalization;

namespace FastGate.Commands.Demo;

/// <summary>The clock of the show, the one that the stand-in stamps its events with, and times as people read
/// them.</summary>
internal static class DemoClock
{
    /// <summary>How long a request is repeated before it is measured: the runtime compiles what runs often anew
    /// meanwhile.</summary>
    public const long WarmUpNanoseconds = 500_000_000;

    /// <summary>Nanoseconds since some moment that is the same for all of this process.</summary>
    public static long Now => Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency);

    public static string Say(long nanoseconds) =>
        Math.Abs(nanoseconds) < 1_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000.0:F0} µs")
            : string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000.0:F1} ms");
}
