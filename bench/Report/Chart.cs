namespace FastGate.Bench.Report;

/// <summary>A chart of curves over one axis.</summary>
/// <param name="File">File name without the extension.</param>
/// <param name="Title">Title of the chart.</param>
/// <param name="YLabel">Label of the vertical axis, with its unit.</param>
/// <param name="XLabel">Label of the horizontal axis.</param>
/// <param name="LogY">Whether the vertical axis is logarithmic.</param>
/// <param name="XTicks">Ticks, in the unit of the points.</param>
/// <param name="Curves">Curves, the most important first.</param>
internal sealed record Chart(
    string File,
    string Title,
    string YLabel,
    string XLabel,
    bool LogY,
    IReadOnlyList<Tick> XTicks,
    IReadOnlyList<Curve> Curves
);

/// <summary>A named curve with its points from left to right.</summary>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>A tick on the axis of a chart.</summary>
internal readonly record struct Tick(double At, string Text);
