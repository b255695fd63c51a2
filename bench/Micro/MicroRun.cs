using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Csv;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using FastGate.Bench.Children;
using FastGate.Bench.Report;
using Perfolizer.Horology;

namespace FastGate.Bench.Micro;

/// <summary>Runs one BenchmarkDotNet class with the settings of this project.</summary>
internal static class MicroRun
{
    public static PartResult Of<T>(Setting setting)
    {
        QuietLogger logger = new(setting.Screen);
        string folder = ChildProcesses.NewFolder();
        ManualConfig config = ManualConfig
            .CreateEmpty()
            .AddJob((setting.Quick ? Job.Dry : Short).WithToolchain(InProcessNoEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddExporter(MarkdownExporter.GitHub, CsvExporter.Default)
            .AddLogger(logger)
            .WithArtifactsPath(folder);
        if (TryRun<T>(config) is not { } summary)
        {
            setting.Screen.Note(logger.All);
            return new PartResult { Checked = 1, Wrong = 1 };
        }
        PartResult result = new() { Checked = summary.BenchmarksCases.Length };
        result.Wrong =
            result.Checked - summary.Reports.Count(report => report.Success && report.ResultStatistics is not null);
        if (summary.HasCriticalValidationErrors || result.Wrong > 0)
            setting.Screen.Note(logger.All);
        else
            result.Tables.Add(Table(typeof(T).Name, summary));
        result.Files.AddRange(
            Directory
                .EnumerateFiles(Path.Combine(folder, "results"))
                .Select(path =>
                    (
                        Path.GetFileName(path).Replace("FastGate.Bench.Micro.", "", StringComparison.Ordinal),
                        File.ReadAllText(path)
                    )
                )
        );
        return result;
    }

    private static Summary? TryRun<T>(IConfig config)
    {
        try
        {
            return BenchmarkRunner.Run<T>(config);
        }
        catch (NullReferenceException)
        {
            // BenchmarkDotNet throws this when the setup of an in-process benchmark has thrown.
            return null;
        }
    }

    // Short iterations, with a second of warm-up: tiered compilation waits 100 ms twice, and longer on a busy machine.
    private static Job Short =>
        Job
            .Default.WithWarmupCount(25)
            .WithIterationCount(15)
            .WithIterationTime(TimeInterval.FromMilliseconds(40))
            .WithId("Short");

    private static ResultTable Table(string name, Summary summary)
    {
        ResultTable table = new($"{name} (BenchmarkDotNet)", "", "median, ns", "± ns", "ratio", "allocated, B");
        foreach (BenchmarkReport report in summary.Reports)
        {
            BenchmarkReport? baseline = summary.Reports.FirstOrDefault(other =>
                summary.IsBaseline(other.BenchmarkCase)
                && other.BenchmarkCase.Parameters.DisplayInfo == report.BenchmarkCase.Parameters.DisplayInfo
            );
            double median = report.ResultStatistics!.Median;
            string parameters = string.Join(", ", report.BenchmarkCase.Parameters.Items.Select(item => item.Value));
            table.Add(
                $"{report.BenchmarkCase.Descriptor.WorkloadMethod.Name} {parameters}".Trim(),
                Figure.Of(median),
                Figure.Of(report.ResultStatistics.StandardError),
                baseline is null ? Figure.None : Figure.Of(median / baseline.ResultStatistics!.Median, 2),
                $"{report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase)}"
            );
        }
        return table;
    }
}
