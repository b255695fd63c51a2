using System.Text.Json;
using FastGate.Proxy.AccessLog;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.AccessLog;

[TestClass]
public sealed class AccessLogWriterTests : IDisposable
{
    private const int Failing = 400;
    private const int Recovered = 401;
    private const int Lost = 402;
    private const int Hung = 403;

    // Tests flush instead of waiting for these times.
    private static readonly AccessLogOptions LongTimes = new()
    {
        FlushInterval = TimeSpan.FromMinutes(1),
        RetryDelay = TimeSpan.FromMinutes(1),
        StopTimeout = TimeSpan.FromMinutes(1),
    };

    private readonly TestSink _sink = new();
    private readonly RecordingLogger _logger = new();

    private int[] Ids => [.. _logger.Lines.Select(line => line.Id.Id)];

    public void Dispose() => _sink.Dispose();

    [TestMethod]
    public async Task Lines_AreWrittenInOrderAndTogether()
    {
        await using AccessLogWriter log = New();
        for (int n = 0; n < 100; n++)
            Assert.IsTrue(Sample.WriteNumbered(log, n));
        Assert.IsTrue(await log.FlushAsync());
        CheckPaths(0, 100);

        // One would be enough, but the check at the start and a pending wake-up may each write a part.
        Assert.IsLessThanOrEqualTo(3, _sink.WritesCompleted);
        Assert.AreEqual(0, log.Dropped);
    }

    [TestMethod]
    public async Task Lines_AreWrittenWithoutAFlush()
    {
        await using AccessLogWriter log = New(new AccessLogOptions { FlushInterval = TimeSpan.FromMilliseconds(1) });
        Sample.WriteNumbered(log, 0);
        await _sink.WriteArrivedAsync();
        Sample.WriteNumbered(log, 1);
        await _sink.WriteArrivedAsync();
    }

    [TestMethod]
    public async Task HalfFullBuffer_IsWrittenAtOnce()
    {
        await using AccessLogWriter log = New();
        while (_sink.Length == 0 && log.Dropped == 0)
            Sample.WriteNumbered(log, 0);
        await _sink.WriteArrivedAsync();
    }

    [TestMethod]
    public async Task Dispose_WritesTheRemainingLinesAndClosesTheSink()
    {
        AccessLogWriter log = New();
        Sample.WriteNumbered(log, 0);
        await log.DisposeAsync();
        CheckPaths(0, 1);
        Assert.IsTrue(_sink.IsDisposed);
        Assert.IsFalse(Sample.WriteNumbered(log, 1));
        Assert.IsFalse(await log.FlushAsync());
        Assert.AreEqual(1, log.Dropped);
        await log.DisposeAsync();
    }

    [TestMethod]
    public async Task SlowSink_DropsLinesAndMarksThePlace()
    {
        await using AccessLogWriter log = New();
        _sink.Hold();
        Sample.WriteNumbered(log, 0);
        Task<bool> first = log.FlushAsync();
        await _sink.WriteArrivedAsync();

        int written = 1;
        while (Sample.WriteNumbered(log, written))
            written++;
        Sample.WriteNumbered(log, written);
        Assert.AreEqual(2, log.Dropped);

        _sink.Release();
        Assert.IsTrue(await first);
        Assert.IsTrue(await log.FlushAsync());
        Assert.IsTrue(Sample.WriteNumbered(log, written));
        Assert.IsTrue(await log.FlushAsync());

        CheckPaths(0, written, _sink.Lines[..written]);
        using JsonDocument mark = JsonDocument.Parse(_sink.Lines[written]);
        Assert.AreEqual(2, mark.RootElement.GetProperty("dropped").GetInt64());
        Assert.IsTrue(mark.RootElement.TryGetProperty("time", out _));
        CheckPaths(written, 1, _sink.Lines[(written + 1)..]);
        Assert.IsEmpty(_logger.Lines);
    }

    [TestMethod]
    public async Task FailingSink_IsReportedOncePerFailure_AndLosesNothing()
    {
        await using AccessLogWriter log = New();
        for (int round = 0; round < 2; round++)
        {
            _sink.Fail(true);
            Sample.WriteNumbered(log, round * 2);
            Assert.IsFalse(await log.FlushAsync());
            Sample.WriteNumbered(log, (round * 2) + 1);
            Assert.IsFalse(await log.FlushAsync());
            _sink.Fail(false);
            Assert.IsTrue(await log.FlushAsync());
        }

        CheckPaths(0, 4);
        Assert.AreEqual(0, log.Dropped);
        CollectionAssert.AreEqual(new[] { Failing, Recovered, Failing, Recovered }, Ids);
    }

    [TestMethod]
    public async Task FailingSink_IsRetriedWithoutAFlush()
    {
        await using AccessLogWriter log = New(new AccessLogOptions { RetryDelay = TimeSpan.FromMilliseconds(1) });
        _sink.Fail(true);
        Sample.WriteNumbered(log, 0);
        await _sink.WriteArrivedAsync();
        await _sink.WriteArrivedAsync();
        _sink.Fail(false);
        Assert.IsTrue(await log.FlushAsync());
        CheckPaths(0, 1);
    }

    [TestMethod]
    public async Task SinkThatFailsUntilTheEnd_CountsTheLostLines()
    {
        AccessLogWriter log = New();
        _sink.Fail(true);
        Sample.WriteNumbered(log, 0);
        Assert.IsFalse(await log.FlushAsync());
        Sample.WriteNumbered(log, 1);
        await log.DisposeAsync();
        Assert.AreEqual(2, log.Dropped);
        CollectionAssert.AreEqual(new[] { Failing, Lost }, Ids);
    }

    [TestMethod]
    public async Task HangingSink_DoesNotBlockDisposal()
    {
        AccessLogWriter log = New(new AccessLogOptions { StopTimeout = TimeSpan.FromMilliseconds(1) });
        _sink.Hold();
        Sample.WriteNumbered(log, 0);
        await _sink.WriteArrivedAsync();
        await log.DisposeAsync();
        CollectionAssert.Contains(Ids, Hung);
        _sink.Release();
    }

    /// <summary>Completing it in both the current attempt and the next one once ended the process.</summary>
    [TestMethod]
    public async Task FlushDuringAWrite_CompletesOnce()
    {
        await using AccessLogWriter log = New(new AccessLogOptions { FlushInterval = TimeSpan.FromMilliseconds(1) });
        _sink.Hold();
        Sample.WriteNumbered(log, 0);
        await _sink.WriteArrivedAsync();
        Sample.WriteNumbered(log, 1);
        Task<bool> flush = log.FlushAsync();
        _sink.Release();
        Assert.IsTrue(await flush);
        CheckPaths(0, 2);
        Assert.IsTrue(await log.FlushAsync());
    }

    [TestMethod]
    public async Task ManyThreads_LoseNoLine()
    {
        const int Threads = 4,
            LinesPerThread = 500;
        await using AccessLogWriter log = New(LongTimes with { BufferBytes = 1024 * 1024 });
        await Task.WhenAll(
            Enumerable
                .Range(0, Threads)
                .Select(thread =>
                    Task.Run(() =>
                    {
                        for (int n = 0; n < LinesPerThread; n++)
                            Assert.IsTrue(Sample.WriteNumbered(log, (thread * LinesPerThread) + n));
                    })
                )
        );
        Assert.IsTrue(await log.FlushAsync());
        HashSet<string> paths = [.. _sink.Lines.Select(Path)];
        Assert.HasCount(Threads * LinesPerThread, paths);
    }

    [TestMethod]
    public void BufferTooSmallForALine_IsRejected() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => New(new AccessLogOptions { BufferBytes = 100 }));

    private AccessLogWriter New(AccessLogOptions? options = null) =>
        new(_sink, _logger, options ?? LongTimes, TimeProvider.System);

    private void CheckPaths(int from, int count, string[]? lines = null) =>
        CollectionAssert.AreEqual(
            Enumerable.Range(from, count).Select(n => $"/{n}").ToArray(),
            (lines ?? _sink.Lines).Select(Path).ToArray()
        );

    private static string Path(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("path").GetString()!;
    }
}
