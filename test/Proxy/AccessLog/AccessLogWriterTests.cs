using System.Text.Json;
using FastGate.Proxy.AccessLog;

namespace FastGate.Test.Proxy.AccessLog;

[TestClass]
public sealed class AccessLogWriterTests : IDisposable
{
    private const int Failing = 400;
    private const int Recovered = 401;
    private const int Lost = 402;
    private const int Hung = 403;

    // What a test waits for is asked for with a flush; these times only show if something is wrong.
    private static readonly AccessLogOptions Patient = new()
    {
        Gather = TimeSpan.FromMinutes(1),
        Retry = TimeSpan.FromMinutes(1),
        Stop = TimeSpan.FromMinutes(1),
    };

    private readonly TestSink _sink = new();
    private readonly RecordingLogger _logger = new();

    public void Dispose() => _sink.Dispose();

    [TestMethod]
    public async Task Lines_ComeOutInOrderAndTogether()
    {
        await using AccessLogWriter log = New();
        for (int n = 0; n < 100; n++)
            Assert.IsTrue(Sample.WriteNumbered(log, n));
        Assert.IsTrue(await log.FlushAsync());
        CheckPaths(0, 100);

        // One would be enough; the look at the sink at the start, and a wake-up that is left over, may each take a
        // part.
        Assert.IsLessThanOrEqualTo(3, _sink.WritesTaken);
        Assert.AreEqual(0, log.Dropped);
    }

    [TestMethod]
    public async Task LinesWithoutAFlush_ComeOutByThemselves()
    {
        await using AccessLogWriter log = New(new AccessLogOptions { Gather = TimeSpan.FromMilliseconds(1) });
        Sample.WriteNumbered(log, 0);
        await _sink.WriteArrivedAsync();
        Sample.WriteNumbered(log, 1);
        await _sink.WriteArrivedAsync();
    }

    [TestMethod]
    public async Task HalfFullBuffer_IsNotLeftToGather()
    {
        await using AccessLogWriter log = New();
        while (_sink.Length == 0 && log.Dropped == 0)
            Sample.WriteNumbered(log, 0);
        await _sink.WriteArrivedAsync();
    }

    [TestMethod]
    public async Task Dispose_WritesWhatThereIsAndClosesTheSink()
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
    public async Task SlowSink_DropsWhenFullAndSaysWhere()
    {
        await using AccessLogWriter log = New();
        _sink.Hold();
        Sample.WriteNumbered(log, 0);
        Task<bool> first = log.FlushAsync();
        await _sink.WriteArrivedAsync();

        int taken = 1;
        while (Sample.WriteNumbered(log, taken))
            taken++;
        Sample.WriteNumbered(log, taken);
        Assert.AreEqual(2, log.Dropped);

        _sink.Release();
        Assert.IsTrue(await first);
        Assert.IsTrue(await log.FlushAsync());
        Assert.IsTrue(Sample.WriteNumbered(log, taken));
        Assert.IsTrue(await log.FlushAsync());

        CheckPaths(0, taken, _sink.Lines[..taken]);
        using JsonDocument said = JsonDocument.Parse(_sink.Lines[taken]);
        Assert.AreEqual(2, said.RootElement.GetProperty("dropped").GetInt64());
        Assert.IsTrue(said.RootElement.TryGetProperty("time", out _));
        CheckPaths(taken, 1, _sink.Lines[(taken + 1)..]);
        Assert.IsEmpty(_logger.Ids);
    }

    [TestMethod]
    public async Task FailingSink_IsSaidOnceABoutAndLosesNothing()
    {
        await using AccessLogWriter log = New();
        for (int bout = 0; bout < 2; bout++)
        {
            _sink.Fail(true);
            Sample.WriteNumbered(log, bout * 2);
            Assert.IsFalse(await log.FlushAsync());
            Sample.WriteNumbered(log, (bout * 2) + 1);
            Assert.IsFalse(await log.FlushAsync());
            _sink.Fail(false);
            Assert.IsTrue(await log.FlushAsync());
        }

        CheckPaths(0, 4);
        Assert.AreEqual(0, log.Dropped);
        CollectionAssert.AreEqual(new[] { Failing, Recovered, Failing, Recovered }, _logger.Ids.ToArray());
    }

    [TestMethod]
    public async Task FailingSink_IsTriedAgainByItself()
    {
        await using AccessLogWriter log = New(new AccessLogOptions { Retry = TimeSpan.FromMilliseconds(1) });
        _sink.Fail(true);
        Sample.WriteNumbered(log, 0);
        await _sink.WriteArrivedAsync();
        await _sink.WriteArrivedAsync();
        _sink.Fail(false);
        Assert.IsTrue(await log.FlushAsync());
        CheckPaths(0, 1);
    }

    [TestMethod]
    public async Task SinkThatFailsUntilTheEnd_CountsWhatIsLost()
    {
        AccessLogWriter log = New();
        _sink.Fail(true);
        Sample.WriteNumbered(log, 0);
        Assert.IsFalse(await log.FlushAsync());
        Sample.WriteNumbered(log, 1);
        await log.DisposeAsync();
        Assert.AreEqual(2, log.Dropped);
        CollectionAssert.AreEqual(new[] { Failing, Lost }, _logger.Ids.ToArray());
    }

    [TestMethod]
    public async Task SinkThatHangs_DoesNotHoldUpTheStop()
    {
        AccessLogWriter log = New(new AccessLogOptions { Stop = TimeSpan.FromMilliseconds(1) });
        _sink.Hold();
        Sample.WriteNumbered(log, 0);
        await _sink.WriteArrivedAsync();
        await log.DisposeAsync();
        CollectionAssert.Contains(_logger.Ids.ToArray(), Hung);
        _sink.Release();
    }

    /// <summary>It was once completed by the attempt under way and by the next one, which ended the process.</summary>
    [TestMethod]
    public async Task FlushWhileTheSinkIsWrittenTo_CompletesOnce()
    {
        await using AccessLogWriter log = New(new AccessLogOptions { Gather = TimeSpan.FromMilliseconds(1) });
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
            Each = 500;
        await using AccessLogWriter log = New(Patient with { BufferBytes = 1024 * 1024 });
        await Task.WhenAll(
            Enumerable
                .Range(0, Threads)
                .Select(thread =>
                    Task.Run(() =>
                    {
                        for (int n = 0; n < Each; n++)
                            Assert.IsTrue(Sample.WriteNumbered(log, (thread * Each) + n));
                    })
                )
        );
        Assert.IsTrue(await log.FlushAsync());
        HashSet<string> paths = [.. _sink.Lines.Select(Path)];
        Assert.HasCount(Threads * Each, paths);
    }

    [TestMethod]
    public void BufferTooSmallForALine_IsRefused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => New(new AccessLogOptions { BufferBytes = 100 }));

    private AccessLogWriter New(AccessLogOptions? options = null) =>
        new(_sink, _logger, options ?? Patient, TimeProvider.System);

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
