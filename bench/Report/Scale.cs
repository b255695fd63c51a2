namespace FastGate.Bench.Report;

/// <summary>Maps values to pixels along one axis of a chart.</summary>
internal sealed class Scale
{
    private readonly double _low,
        _high,
        _from,
        _to;
    private readonly bool _log;

    /// <param name="low">The value at <paramref name="from"/>.</param>
    /// <param name="high">The value at <paramref name="to"/>.</param>
    /// <param name="from">Start in pixels.</param>
    /// <param name="to">End in pixels.</param>
    /// <param name="log">Whether the axis is logarithmic.</param>
    public Scale(double low, double high, double from, double to, bool log)
    {
        (_low, _high, _from, _to, _log) = (Of(low, log), Of(high, log), from, to, log);
    }

    public double Place(double value) => _from + (Of(value, _log) - _low) / (_high - _low) * (_to - _from);

    /// <summary>Returns round values that cover the range, a few of them.</summary>
    public static IReadOnlyList<Tick> Ticks(double low, double high, bool log) =>
        log ? LogTicks(low, high) : LinearTicks(high);

    private static double Of(double value, bool log) => log ? Math.Log10(value) : value;

    private static List<Tick> LogTicks(double low, double high)
    {
        double[] steps = Math.Log10(high / low) > 2 ? [1, 10] : [1, 2, 5, 10];
        List<double> values = [];
        for (double decade = Math.Pow(10, Math.Floor(Math.Log10(low))); decade <= high; decade *= 10)
            values.AddRange(steps[..^1].Select(step => step * decade));
        values.Add(values[^1] * 10 / (steps.Length > 2 ? 2 : 1));
        // The nearest round value outside on either side.
        int first = Math.Max(values.FindLastIndex(value => value <= low * 1.0001), 0);
        int last = values.FindIndex(value => value >= high * 0.9999);
        return [.. values[first..(last < 0 ? values.Count : last + 1)].Select(value => new Tick(value, Text(value)))];
    }

    private static List<Tick> LinearTicks(double high)
    {
        double rough = high / 4;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { 1, 2, 2.5, 5, 10 }.Select(by => by * power).First(by => by >= rough * 0.9999);
        List<Tick> ticks = [];
        for (double value = 0; ; value += step)
        {
            ticks.Add(new Tick(value, Text(value)));
            if (value >= high * 0.9999)
                return ticks;
        }
    }

    private static string Text(double value) =>
        value >= 1 || value == 0 ? Figure.Of(value, value == Math.Floor(value) ? 0 : 1) : SvgText.Number(value);
}
