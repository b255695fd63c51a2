using FastGate.Bench.Report;

namespace FastGate.Bench;

/// <summary>The result of a run in one sentence.</summary>
internal static class Sentence
{
    private const double LimitMicroseconds = 1000;

    /// <summary>Describes the measurement in which the gate adds most.</summary>
    public static string Of(IReadOnlyList<Added> added)
    {
        Added worst = Worst(added);
        string times = worst.P99 > 0 ? $"{Figure.Of(LimitMicroseconds / worst.P99, 0)} times under 1 ms" : "under 1 ms";
        string verdict = Holds(added) ? times : "NOT under 1 ms";
        return $"FastGate adds {Figure.Of(worst.P50 / 1000, 3)} ms to a small request at the median "
            + $"and {Figure.Of(worst.P99 / 1000, 3)} ms "
            + $"at the 99th percentile ({worst.Where}): {verdict}.";
    }

    public static bool Holds(IReadOnlyList<Added> added) => Worst(added).P99 < LimitMicroseconds;

    private static Added Worst(IReadOnlyList<Added> added) => added.MaxBy(added => added.P99)!;
}

/// <summary>The time that the gate adds to an exchange, compared with a direct one.</summary>
/// <param name="Where">Whether pinned to one core.</param>
/// <param name="P50">At the median, in µs.</param>
/// <param name="P99">At the 99th percentile, in µs.</param>
internal sealed record Added(string Where, double P50, double P99);
