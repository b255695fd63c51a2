using System.Globalization;
using FastGate.Bench.Report;

namespace FastGate.Bench.Micro;

/// <summary>Measures matching and compiling rules, and draws a chart of matching.</summary>
internal static class RulesRun
{
    private static readonly int[] Counts = [10, 100, 1_000, 10_000];

    public static PartResult Measure(Setting setting)
    {
        PartResult result = MicroRun.Of<RuleBenchmarks>(setting);
        if (result.Tables.Count == 1)
        {
            result.Charts.Add(ChartOf(result.Tables[0]));
            foreach (string[] row in result.Tables[0].Rows)
                result.Add(
                    $"rules, {row[0].Split(' ')[0]}: ns",
                    $"{row[0].Split(' ')[1]} rules",
                    double.Parse(row[1], CultureInfo.InvariantCulture)
                );
        }
        PartResult compiling = MicroRun.Of<CompileBenchmarks>(setting);
        result.Checked += compiling.Checked;
        result.Wrong += compiling.Wrong;
        result.Tables.AddRange(compiling.Tables);
        result.Files.AddRange(compiling.Files);
        return result;
    }

    // A row is named "Match 10", followed by the median.
    private static Chart ChartOf(ResultTable table) =>
        new(
            "rules",
            "rules: a match among 10 to 10 000",
            "ns",
            "rules",
            LogY: false,
            [.. Counts.Select(count => new Tick(Math.Log10(count), Figure.Of(count, 0)))],
            [
                .. table
                    .Rows.GroupBy(row => row[0].Split(' ')[0])
                    .Select(method => new Curve(
                        method.Key,
                        [
                            .. Counts.Zip(
                                method,
                                (count, row) => (Math.Log10(count), double.Parse(row[1], CultureInfo.InvariantCulture))
                            ),
                        ]
                    )),
            ]
        );
}
