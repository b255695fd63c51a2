using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

/// <summary>After a bout a gate kept the memory of it for good: nothing that it does later has garbage
/// collected.</summary>
[TestClass]
[DoNotParallelize]
public sealed class MemoryReleaseTests
{
    [TestMethod]
    public async Task ManyBuffersAtOnce_GoBackToTheSystemWhenItIsCalm()
    {
        ManualTime time = new();
        await using TestLoop test = new("portable", time);
        await test.RunAsync(() => Bout(test.Loop.Buffers));
        int collections = GC.CollectionCount(GC.MaxGeneration);
        time.Advance(MemoryRelease.Calm - TimeSpan.FromSeconds(1));
        await test.RunAsync(() => { });
        Assert.AreEqual(collections, GC.CollectionCount(GC.MaxGeneration), "Not before it is calm.");
        time.Advance(TimeSpan.FromSeconds(2));
        await Until.HoldsAsync(() => GC.CollectionCount(GC.MaxGeneration) > collections, "it is collected");
    }

    // Twice what is worth a collection.
    private static void Bout(BufferPool pool)
    {
        List<byte[]> lent =
        [
            .. Enumerable
                .Range(0, (int)(2 * MemoryRelease.LeastBytes / BufferPool.LargeBytes))
                .Select(_ => pool.Rent(big: true)),
        ];
        foreach (byte[] buffer in lent)
            pool.Return(buffer);
    }
}
