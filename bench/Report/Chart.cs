namespace FastGate.Bench.Report;

/// <summary>Curves over one axis.</summary>
/// <param name="File">The name of its file, without an ending.</param>
/// <param name="Title">What is to be seen.</param>
/// <param name="YLabel">What the height means, with its unit.</param>
/// <param name="XLabel">What the width means.</param>
/// <param name="LogY">A tenfold value is one step up.</param>
/// <param name="XTicks">In the unit of the points.</param>
/// <param name="Curves">From the one to be seen first to the last.</param>
internal sealed record Chart(
    string File,
    string Title,
    string YLabel,
    string XLabel,
    bool LogY,
    IReadOnlyList<Tick> XTicks,
    IReadOnlyList<Curve> Curves
);

/// <summary>A line of a chart: what it is called, and its points from left to right.</summary>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>A mark on the axis of a chart.</summary>
internal readonly record struct Tick(double At, string Text);
