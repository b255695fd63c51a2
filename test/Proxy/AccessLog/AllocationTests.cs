using FastGate.Proxy.AccessLog;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastGate.Test.Proxy.AccessLog;

/// <summary>Lines through the queue, the log's thread and a real file.</summary>
[TestClass]
[DoNotParallelize]
public sealed class AllocationTests
{
    private const int Lines = 10_000;
    private const int Rounds = 4;

    private static readonly AccessLogOptions Options = new()
    {
        Gather = TimeSpan.FromMilliseconds(1),
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

        // A lock that is waited for makes itself an event, once: so the least of some rounds, the first of which warms
        // up.
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

    /// <summary>The test host's own threads are in this number: it may have a remainder, but none that grows with the
    /// lines.</summary>
    [TestMethod]
    public async Task TenThousandLines_AllocateNothingInTheProcess()
    {
        await using AccessLogWriter log = AccessLogWriter.Open(
            Path.Combine(_directory, "access.log"),
            NullLogger.Instance,
            Options
        );
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            WriteMany(log);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.IsLessThan(Lines, least);
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
