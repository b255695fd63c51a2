using System.Diagnostics;
using FastGate.Proxy.AccessLog;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.AccessLog;

/// <summary>
/// Regression: a FIFO without a reader blocked the log's thread in <c>open</c>: nothing was reported, and stopping took
/// five seconds.
/// </summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class PipeLogTests : IDisposable
{
    private readonly TempLog _log = new();
    private readonly RecordingLogger _logger = new();

    public void Dispose() => _log.Dispose();

    [TestMethod]
    public async Task PipeWithoutReader_IsReported_AndStopsAtOnce()
    {
        await MakePipeAsync();
        AccessLogWriter log = AccessLogWriter.Open(_log.Path, _logger);
        Assert.IsFalse(await log.FlushAsync().WithinDeadline());
        Assert.Contains("no program reads", _logger.Lines.Single().Text);
        Sample.WriteNumbered(log, 0);
        long start = Stopwatch.GetTimestamp();
        await log.DisposeAsync();
        Assert.IsLessThan(TimeSpan.FromSeconds(2), Stopwatch.GetElapsedTime(start));
        Assert.AreEqual(1, log.Dropped);
    }

    /// <summary>Closing the probe before the log is open would let the reader see the end of the pipe.</summary>
    [TestMethod]
    public async Task LateReader_ReadsEveryLine()
    {
        await MakePipeAsync();
        AccessLogWriter log = AccessLogWriter.Open(
            _log.Path,
            _logger,
            new AccessLogOptions { RetryDelay = TimeSpan.FromMilliseconds(1) }
        );
        Sample.WriteNumbered(log, 0);
        Assert.IsFalse(await log.FlushAsync().WithinDeadline());
        Task<string[]> reading = Task.Run(() => File.ReadAllLines(_log.Path));
        await Until.HoldsAsync(() => log.FlushAsync().WithinDeadline(), "lines written");
        Sample.WriteNumbered(log, 1);
        await log.DisposeAsync();
        Assert.HasCount(2, await reading.WithinDeadline());
    }

    /// <summary>A reader that stopped reading was reported only when the gate stopped.</summary>
    [TestMethod]
    public async Task StuckWrite_IsReportedOnce_WhenLinesAreDropped()
    {
        using TestSink sink = new();
        await using AccessLogWriter log = new(
            sink,
            _logger,
            new AccessLogOptions { StuckAfter = TimeSpan.Zero },
            TimeProvider.System
        );
        sink.Hold();
        Sample.WriteNumbered(log, 0);
        await sink.WriteArrivedAsync();
        while (Sample.WriteNumbered(log, 1)) { }
        for (int n = 0; n < 3; n++)
            Sample.WriteNumbered(log, 2);
        Assert.Contains("stuck", _logger.Lines.Single().Text);
        sink.Release();
    }

    private async Task MakePipeAsync()
    {
        await using ChildProcess make = ChildProcess.Start(Required.Tool("mkfifo"), [_log.Path]);
        Assert.AreEqual(0, (await make.EndAsync(StepDeadline.Longest)).ExitCode);
    }
}
