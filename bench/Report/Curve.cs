namespace FastGate.Bench.Report;

/// <summary>A line of a chart: what it is called, and its points from left to right.</summary>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points);
