namespace FastGate.Bench;

/// <summary>How much later than direct an exchange through the gate is.</summary>
/// <param name="Where">Pinned to one core, or not.</param>
/// <param name="P50">At the median, in µs.</param>
/// <param name="P99">At the 99th percentile, in µs.</param>
internal sealed record Added(string Where, double P50, double P99);
