namespace FastGate.Bench.Report;

/// <summary>Saves a run in <c>bench/results</c>: raw results, tables and charts.</summary>
internal static class Recording
{
    /// <returns>The folder, relative to the root of the solution.</returns>
    public static string Write(IReadOnlyList<(Part Part, PartResult Result)> results, string sentence, TimeSpan took)
    {
        string relative = Path.Combine("bench", "results", About.FolderName);
        string folder = Directory.CreateDirectory(Path.Combine(About.Root(), relative)).FullName;
        foreach ((_, PartResult result) in results)
        {
            foreach (Chart chart in result.Charts)
                File.WriteAllText(Path.Combine(folder, $"{chart.File}.svg"), SvgWriter.Write(chart));
            foreach (RawLatencies raw in result.Raw)
                File.WriteAllText(Path.Combine(folder, $"{raw.File}.csv"), raw.ToCsv());
            foreach ((string name, string text) in result.Files)
                File.WriteAllText(Path.Combine(folder, name), text);
        }
        File.WriteAllText(Path.Combine(folder, "report.md"), ReportText.Of(results, sentence, took));
        return relative;
    }
}
