namespace FastGate.Commands.Shared;

/// <summary>Quantiles of measured values, by nearest rank: each is a value that was measured.</summary>
internal static class Quantiles
{
    /// <param name="sorted">The values, smallest first; at least one.</param>
    /// <param name="quantile">From 0 (the smallest) to 1 (the largest).</param>
    public static T NearestRank<T>(ReadOnlySpan<T> sorted, double quantile) =>
        sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Length) - 1)];

    /// <summary>The middle value, whatever the order; of an even number, the lower of the two.</summary>
    public static double Median(IEnumerable<double> values) => NearestRank<double>([.. values.Order()], 0.5);
}
