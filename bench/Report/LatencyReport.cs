using FastGate.Bench.Children;
using FastGate.Bench.Load;

namespace FastGate.Bench.Report;

/// <summary>Renders latencies of several subjects as a table, and as curves over the percentiles.</summary>
internal static class LatencyReport
{
    // The right end of the axis: 1 in 10 000.
    private static readonly (double Share, string Text)[] Marks =
    [
        (0, "0 %"),
        (0.5, "50 %"),
        (0.9, "90 %"),
        (0.99, "99 %"),
        (0.999, "99.9 %"),
        (0.9999, "99.99 %"),
    ];

    public static ResultTable Table(string title, IReadOnlyList<Measured> measured)
    {
        ResultTable table = new(
            title,
            "µs",
            "whole p50",
            "whole p99",
            "p99.9",
            "largest",
            "added p50",
            "added p99",
            "whole p50 to FastGate's",
            "added p50 to FastGate's",
            "added p99 to FastGate's",
            "CPU per request"
        );
        (double gate50, double gate99) = Added(measured, Peers.Gate);
        double whole50 = measured.Single(subject => subject.Name == Peers.Gate).Latencies.Microseconds(0.5);
        foreach (Measured subject in measured)
        {
            (double added50, double added99) = Added(measured, subject.Name);
            bool direct = subject.Name == Peers.Direct;
            table.Add(
                subject.Name,
                Figure.Of(subject.Latencies.Microseconds(0.5)),
                Figure.Of(subject.Latencies.Microseconds(0.99)),
                Figure.Of(subject.Latencies.Microseconds(0.999)),
                Figure.Of(subject.Latencies.Microseconds(1)),
                direct ? Figure.None : Figure.Of(added50),
                direct ? Figure.None : Figure.Of(added99),
                Figure.Times(subject.Latencies.Microseconds(0.5), whole50),
                direct ? Figure.None : Figure.Times(added50, gate50),
                direct ? Figure.None : Figure.Times(added99, gate99),
                direct ? Figure.None : Figure.Of(subject.CpuSeconds * 1e6 / subject.Latencies.Count)
            );
        }
        return table;
    }

    /// <summary>Adds the same as numbers, named after the workload.</summary>
    public static void AddFigures(PartResult result, string workload, IReadOnlyList<Measured> measured)
    {
        foreach (Measured subject in measured)
        {
            result.Add($"{workload}: whole p50, µs", subject.Name, subject.Latencies.Microseconds(0.5));
            result.Add($"{workload}: whole p99, µs", subject.Name, subject.Latencies.Microseconds(0.99));
            if (subject.Name == Peers.Direct)
                continue;
            (double added50, double added99) = Added(measured, subject.Name);
            result.Add($"{workload}: added p50, µs", subject.Name, added50);
            result.Add($"{workload}: added p99, µs", subject.Name, added99);
        }
    }

    /// <summary>Returns the time that a subject adds over direct, in µs.</summary>
    public static (double P50, double P99) Added(IReadOnlyList<Measured> measured, string name)
    {
        Latencies direct = measured.Single(subject => subject.Name == Peers.Direct).Latencies;
        Latencies other = measured.Single(subject => subject.Name == name).Latencies;
        return (
            other.Microseconds(0.5) - direct.Microseconds(0.5),
            other.Microseconds(0.99) - direct.Microseconds(0.99)
        );
    }

    public static Chart Curves(string file, string title, string label, IReadOnlyList<Measured> measured)
    {
        int most = measured.Max(subject => subject.Latencies.Count);
        // A percentile is drawn if at least two values lie beyond it.
        (double Share, string Text)[] marks = [.. Marks.Where((mark, i) => i < 2 || most * (1 - mark.Share) >= 1.9)];
        double right = Place(marks[^1].Share);
        return new Chart(
            file,
            title,
            label,
            "percentile",
            LogY: true,
            [.. marks.Select(mark => new Tick(Place(mark.Share), mark.Text))],
            [
                .. measured
                    .Where(subject => subject.Latencies.Count > 0)
                    .Select(subject => new Curve(subject.Name, Points(subject.Latencies, right))),
            ]
        );
    }

    private static List<(double, double)> Points(Latencies latencies, double right)
    {
        List<(double, double)> points = [];
        for (double place = 0; place <= right + 1e-9; place += right / 120)
            points.Add((place, latencies.Microseconds(1 - Math.Pow(10, -place))));
        return points;
    }

    // 90, 99 and 99.9 % are the same distance apart.
    private static double Place(double share) => -Math.Log10(1 - share);
}
