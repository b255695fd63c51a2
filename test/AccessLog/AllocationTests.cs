using FastGate.AccessLog;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastGate.Test.AccessLog;

[TestClass]
[DoNotParallelize]
public sealed class AllocationTests
{
    private const int Lines = 10_000;

    private readonly string directory = Directory.CreateTempSubdirectory("fastgate-").FullName;

    [TestCleanup]
    public void Cleanup() => Directory.Delete(directory, recursive: true);

    /// <summary>Through the queue, the thread and a real file: nothing, neither by the caller nor by the log's own thread.</summary>
    [TestMethod]
    public async Task TenThousandLines_AllocateNothingAnywhere()
    {
        string path = Path.Combine(directory, "access.log");
        AccessLogOptions options = new() { Gather = TimeSpan.FromMilliseconds(1), BufferBytes = 64 * 1024 };
        await using AccessLogWriter log = AccessLogWriter.Open(path, NullLogger.Instance, options);

        long own = long.MaxValue, all = long.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            long allBefore = GC.GetTotalAllocatedBytes(precise: true);
            long ownBefore = GC.GetAllocatedBytesForCurrentThread();
            WriteMany(log);
            own = Math.Min(own, GC.GetAllocatedBytesForCurrentThread() - ownBefore);
            all = Math.Min(all, GC.GetTotalAllocatedBytes(precise: true) - allBefore);
        }

        Assert.IsTrue(await log.FlushAsync());
        Assert.AreEqual(5 * Lines, File.ReadLines(path).Count(l => !l.Contains("dropped", StringComparison.Ordinal)));
        Assert.AreEqual(0, own, "the calling thread");

        // The test host's own threads are in this number: it may have a remainder, but none that grows with the lines.
        Assert.IsLessThan(Lines / 10, all, "the process");
    }

    private static void WriteMany(AccessLogWriter log)
    {
        SpinWait full = default;
        for (int n = 0; n < Lines; n++)
        {
            while (!log.Write(Sample.Entry)) full.SpinOnce();
        }
    }
}
