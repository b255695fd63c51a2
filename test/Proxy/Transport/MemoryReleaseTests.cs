using FastGate.Proxy.Transport;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Transport;

/// <summary>Regression: after a burst a gate kept the memory, because nothing that it does later triggers a
/// collection.</summary>
[TestClass]
[DoNotParallelize]
public sealed class MemoryReleaseTests
{
    [TestMethod]
    public async Task ManyBuffersAtOnce_AreReleasedAfterTheBurst()
    {
        FakeTimeProvider time = new();
        await using TestLoop test = new("portable", time);
        await test.RunAsync(() => Burst(test.Loop.Buffers));
        int collections = GC.CollectionCount(GC.MaxGeneration);
        time.Advance(MemoryRelease.Calm - TimeSpan.FromSeconds(1));
        await test.RunAsync(() => { });
        Assert.AreEqual(collections, GC.CollectionCount(GC.MaxGeneration), "no collection during the burst");
        time.Advance(TimeSpan.FromSeconds(2));
        await Until.HoldsAsync(() => GC.CollectionCount(GC.MaxGeneration) > collections, "the garbage is collected");
    }

    // Twice as many bytes as are worth a collection.
    private static void Burst(BufferPool pool)
    {
        List<byte[]> lent =
        [
            .. Enumerable
                .Range(0, (int)(2 * MemoryRelease.LeastBytes / BufferPool.LargeBytes))
                .Select(_ => pool.Rent(isLarge: true)),
        ];
        foreach (byte[] buffer in lent)
            pool.Return(buffer);
    }
}
