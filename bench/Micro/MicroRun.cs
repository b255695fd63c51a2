using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace FastGate.Bench.Micro;

/// <summary>Runs one BenchmarkDotNet class with the settings of this project.</summary>
internal static class MicroRun
{
    /// <returns>True when every case ran, checked its answers and gave a result.</returns>
    public static bool Of<T>(bool quick)
    {
        Job job = (quick ? Job.Dry : Job.ShortRun).WithToolchain(InProcessNoEmitToolchain.Instance);
        ManualConfig config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default);
        Summary summary = BenchmarkRunner.Run<T>(config);
        return !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success);
    }
}
