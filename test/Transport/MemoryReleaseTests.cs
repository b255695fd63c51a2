using FastGate.Test.Support;
using FastGate.Transport;

namespace FastGate.Test.Transport;

/// <summary>After a bout a gate kept the memory of it for good: nothing that it does later has garbage collected.</summary>
[TestClass]
[DoNotParallelize]
public sealed class MemoryReleaseTests
{
    [TestMethod]
    public async Task ManyBuffersAtOnce_GoBackToTheSystemWhenItIsCalm()
    {
        ManualTime time = new();
        await using TestLoop test = new("portable", time);
        WeakReference<byte[]> bout = await test.RunAsync(() => Bout(test.Loop.Buffers));
        Assert.IsTrue(bout.TryGetTarget(out _), "Nothing has collected it yet.");
        time.Advance(MemoryRelease.Calm - TimeSpan.FromSeconds(1));
        await test.RunAsync(() => { });
        int collections = GC.CollectionCount(GC.MaxGeneration);
        time.Advance(TimeSpan.FromSeconds(2));
        await Until.HoldsAsync(() => GC.CollectionCount(GC.MaxGeneration) > collections && !bout.TryGetTarget(out _), "it is collected");
    }

    // Twice what is worth a collection; the last buffer is one that the pool does not keep.
    private static WeakReference<byte[]> Bout(BufferPool pool)
    {
        List<byte[]> lent = [.. Enumerable.Range(0, (int)(2 * MemoryRelease.LeastBytes / BufferPool.LargeBytes)).Select(_ => pool.Rent(big: true))];
        GC.Collect();
        foreach (byte[] buffer in lent) pool.Return(buffer);
        return new WeakReference<byte[]>(lent[^1]);
    }
}
