using System.Globalization;
using System.Text;

namespace FastGate.Bench.Report;

/// <summary>Renders the report of a run as Markdown.</summary>
internal sealed class ReportText
{
    private readonly StringBuilder _text = new();

    private ReportText() { }

    public static string Of(RunResult run)
    {
        ReportText report = new();
        report.Add($"# What FastGate adds\n\n**{run.Sentence}**\n");
        report.Add($"| | |\n|---|---|");
        foreach ((string name, string value) in About.Facts())
            report.Add($"| {name} | {value} |");
        report.Add($"| FastGate | {run.Program.Description} |");
        report.Add($"| took | {run.Took.TotalSeconds:0} s |\n");
        report.Add(
            $"Subjects take turns, a block of exchanges each, in one run; compare within a table. *Added* is over *direct*."
        );
        if (run.Targets.Rows.Count > 0)
            report.Add($"\n## targets\n\n{MarkdownTable.Of(run.Targets).TrimEnd()}");
        foreach ((Part part, PartResult result) in run.Parts)
            report.Add(part, result);
        return report._text.ToString();
    }

    private void Add(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private void Add(Part part, PartResult result)
    {
        Add($"\n## {part.Name}\n\n{part.Summary}.");
        foreach (ResultTable table in result.Tables)
            Add($"\n{table.Title}:\n\n{MarkdownTable.Of(table).TrimEnd()}");
        foreach (Chart chart in result.Charts)
            Add($"\n![{chart.Title}]({chart.File}.svg)");
        foreach (string note in result.Notes)
            Add($"\n{note}");
        Add($"\n{result.Checked} responses checked, {result.Wrong} wrong.");
    }
}
