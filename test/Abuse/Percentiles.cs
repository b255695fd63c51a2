using System.Globalization;

namespace FastGate.Test.Abuse;

/// <summary>The p50 and p99 of measured times in microseconds, or their medians over several measurements.</summary>
internal sealed record Percentiles(double P50, double P99)
{
    public static Percentiles Of(double[] sorted) => new(sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);

    public static Percentiles MedianOf(IReadOnlyList<Percentiles> all) =>
        new(Median(all.Select(percentiles => percentiles.P50)), Median(all.Select(percentiles => percentiles.P99)));

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"p50 {P50:F0} µs, p99 {P99:F0} µs");

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
