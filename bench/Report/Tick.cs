namespace FastGate.Bench.Report;

/// <summary>A mark on the axis of a chart.</summary>
internal readonly record struct Tick(double At, string Text);
