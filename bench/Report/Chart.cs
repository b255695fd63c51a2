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
