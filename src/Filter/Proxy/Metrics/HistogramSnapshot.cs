namespace FastGate.Proxy.Metrics;

/// <summary>A histogram of times as it is told: exact count, sum and longest; quantiles at most an eighth too
/// large.</summary>
internal sealed record HistogramSnapshot
{
    public required long Count { get; init; }

    public required double SumSeconds { get; init; }

    public required double P50Seconds { get; init; }

    public required double P90Seconds { get; init; }

    public required double P99Seconds { get; init; }

    public required double MaxSeconds { get; init; }

    /// <summary>Cumulated, without the last one, which is the count.</summary>
    public required IReadOnlyList<BucketCount> Buckets { get; init; }
}
