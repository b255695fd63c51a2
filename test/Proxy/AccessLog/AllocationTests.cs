using FastGate.Proxy.AccessLog;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastGate.Test.Proxy.AccessLog;

/// <summary>Lines written through the buffers and the log's thread to a real file.</summary>
[TestClass]
[DoNotParallelize]
public sealed class AllocationTests
{
    private const int Lines = 10_000;
    private const int Rounds = 4;

    private static readonly AccessLogOptions Options = new()
    {
        FlushInterval = TimeSpan.FromMilliseconds(1),
        BufferBytes = 64 * 1024,
    };

    private readonly string _directory = Directory.CreateTempSubdirectory("fastgate-").FullName;

    [TestCleanup]
    public void Cleanup() => Directory.Delete(_directory, recursive: true);

    [TestMethod]
    public async Task TenThousandLines_AllocateNothingOnEitherThread()
    {
        string path = Path.Combine(_directory, "access.log");
        using AllocationSink sink = new(new LogFile(path, long.MaxValue, 0));
        await using AccessLogWriter log = new(sink, NullLogger.Instance, Options, TimeProvider.System);

        // A contended lock allocates an event once, so the minimum of some rounds counts, the first of which is a
        // warm-up.
        long caller = long.MaxValue,
            thread = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            sink.Reset();
            long before = GC.GetAllocatedBytesForCurrentThread();
            WriteMany(log);
            caller = Math.Min(caller, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.IsTrue(await log.FlushAsync());
            Assert.IsGreaterThan(10, sink.Writes);
            thread = Math.Min(thread, sink.AllocatedBytes);
        }

        Assert.AreEqual(0, caller, "the calling thread");
        Assert.AreEqual(0, thread, "the log's own thread");
        Assert.AreEqual(
            Rounds * Lines,
            File.ReadLines(path).Count(l => l.Contains("\"peer\"", StringComparison.Ordinal))
        );
    }

    /// <summary>This number includes the test host's own threads, so it may not be 0, but must not grow with the
    /// lines.</summary>
    [TestMethod]
    public async Task TenThousandLines_AllocateNothingInTheProcess()
    {
        await using AccessLogWriter log = AccessLogWriter.Open(
            Path.Combine(_directory, "access.log"),
            NullLogger.Instance,
            Options
        );
        long minimum = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            WriteMany(log);
            minimum = Math.Min(minimum, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.IsLessThan(Lines, minimum);
    }

    private static void WriteMany(AccessLogWriter log)
    {
        SpinWait full = default;
        for (int n = 0; n < Lines; n++)
        {
            while (!log.Write(Sample.Entry))
                full.SpinOnce();
        }
    }
}
