using System.Globalization;
using FastGate.Commands.Shared;

namespace FastGate.Test.Abuse;

/// <summary>The p50 and p99 of measured times in microseconds.</summary>
internal sealed record Percentiles(double P50, double P99)
{
    public static Percentiles Of(double[] sorted) =>
        new(Quantiles.NearestRank<double>(sorted, 0.5), Quantiles.NearestRank<double>(sorted, 0.99));

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"p50 {P50:F0} µs, p99 {P99:F0} µs");
}
