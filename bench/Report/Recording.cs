using System.Globalization;
using System.Text;
using FastGate.Bench.Children;

namespace FastGate.Bench.Report;

/// <summary>Saves a run in <c>bench/results</c>: raw results, tables and charts.</summary>
internal static class Recording
{
    /// <returns>The folder, relative to the root of the solution.</returns>
    public static string Write(RunResult run)
    {
        string relative = Path.Combine("bench", "results", About.FolderName);
        string folder = Directory.CreateDirectory(Path.Combine(About.Root(), relative)).FullName;
        foreach ((_, PartResult result) in run.Parts)
        {
            foreach (Chart chart in result.Charts)
                File.WriteAllText(Path.Combine(folder, $"{chart.File}.svg"), SvgWriter.Write(chart));
            foreach (RawLatencies raw in result.Raw)
                File.WriteAllText(Path.Combine(folder, $"{raw.File}.csv"), raw.ToCsv());
            foreach ((string name, string text) in result.Files)
                File.WriteAllText(Path.Combine(folder, name), text);
        }
        File.WriteAllText(Path.Combine(folder, "figures.csv"), Csv(run.Parts));
        File.WriteAllText(Path.Combine(folder, "report.md"), ReportText.Of(run));
        return relative;
    }

    private static string Csv(IReadOnlyList<(Part Part, PartResult Result)> parts)
    {
        StringBuilder csv = new("figure,subject,value\n");
        foreach (SubjectFigure figure in parts.SelectMany(part => part.Result.Figures))
            csv.Append(CultureInfo.InvariantCulture, $"\"{figure.Name}\",\"{figure.Subject}\",{figure.Value:0.###}\n");
        return csv.ToString();
    }
}

/// <summary>A whole run.</summary>
/// <param name="Program">The program in the rows "FastGate".</param>
/// <param name="Parts">The results in order.</param>
/// <param name="Targets">The targets, and how far each is met.</param>
/// <param name="Sentence">The result in one sentence.</param>
/// <param name="Took">How long it took.</param>
internal sealed record RunResult(
    MeasuredProgram Program,
    IReadOnlyList<(Part Part, PartResult Result)> Parts,
    ResultTable Targets,
    string Sentence,
    TimeSpan Took
);
