using System.Buffers;
using System.IO.Pipelines;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

/// <summary>Reads on every backend: bytes, segments, cancellation and misuse.</summary>
[TestClass]
public sealed class SocketReaderTests
{
    private static IEnumerable<object[]> Here => BackendNames.Here;

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task Bytes_AreReadAsTheyArrive(string backend) =>
        TestLoop.WithPipeAsync(
            backend,
            async (test, pipe, peer) =>
            {
                Task<string> read = test.RunAsync(pipe.ReadTextAsync);
                peer.SendText("hello");
                Assert.AreEqual("hello", await read);
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task HeadByteByByte_IsOneSegmentUpTo64KiB(string backend) =>
        TestLoop.WithPipeAsync(
            backend,
            async (test, pipe, peer) =>
            {
                byte[] head = new byte[BufferPool.LargeBytes];
                new Random(1).NextBytes(head);
                Task<byte[]> read = test.RunAsync(() => ReadWholeAsync(pipe, head.Length));
                for (int i = 0; i < 3000; i++)
                    peer.Send(head.AsSpan(i, 1));
                peer.Send(head.AsSpan(3000));
                CollectionAssert.AreEqual(head, await read);

                // The bytes are still unread: the buffer has no room for one more.
                await Assert.ThrowsExactlyAsync<InvalidOperationException>(() =>
                    test.RunAsync(() => pipe.Input.ReadAsync())
                );
                Assert.AreEqual(1, await test.RunAsync(() => pipe.Loop.Buffers.Lent));
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task HeadAfterOtherBytes_IsOneSegment(string backend) =>
        TestLoop.WithPipeAsync(
            backend,
            async (test, pipe, peer) =>
            {
                byte[] bytes = new byte[BufferPool.LargeBytes];
                new Random(2).NextBytes(bytes);
                Task<byte[]> read = test.RunAsync(async () =>
                {
                    // Consumes 10 000 bytes; the rest outgrows the small buffer.
                    ReadResult first = await ReadAtLeastAsync(pipe, 12_000);
                    pipe.Input.AdvanceTo(first.Buffer.GetPosition(10_000), first.Buffer.End);
                    return await ReadWholeAsync(pipe, 40_000);
                });
                peer.Send(bytes.AsSpan(0, 12_000));
                peer.Send(bytes.AsSpan(12_000, 38_000));
                CollectionAssert.AreEqual(bytes[10_000..50_000], await read);
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task Cancel_CompletesOnlyThePendingRead(string backend) =>
        TestLoop.WithPipeAsync(
            backend,
            async (test, pipe, peer) =>
            {
                Task<string> read = test.RunAsync(pipe.ReadTextAsync);
                await test.RunAsync(pipe.Input.CancelPendingRead);
                Assert.AreEqual(" (canceled)", await read);

                peer.SendText("x");
                Assert.AreEqual("x", await test.RunAsync(pipe.ReadTextAsync));
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task CancelWithoutARead_CompletesTheNextRead(string backend) =>
        TestLoop.WithPipeAsync(
            backend,
            async (test, pipe, _) =>
            {
                await test.RunAsync(pipe.Input.CancelPendingRead);
                Assert.AreEqual(" (canceled)", await test.RunAsync(pipe.ReadTextAsync));
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task Misuse_Throws(string backend) =>
        TestLoop.WithPipeAsync(
            backend,
            async (test, pipe, peer) =>
            {
                Task<string> read = test.RunAsync(pipe.ReadTextAsync);
                await Assert.ThrowsExactlyAsync<InvalidOperationException>(() =>
                    test.RunAsync(() => pipe.Input.ReadAsync())
                );
                peer.SendText("abc");
                await read;

                peer.SendText("defg");
                await Assert.ThrowsExactlyAsync<ArgumentOutOfRangeException>(() =>
                    test.RunAsync(async () =>
                    {
                        ReadResult first = await ReadAtLeastAsync(pipe, 4);
                        pipe.Input.AdvanceTo(first.Buffer.GetPosition(3));
                        pipe.Input.AdvanceTo(first.Buffer.GetPosition(1));
                        return true;
                    })
                );

                await test.RunAsync(() => pipe.Input.Complete());
                await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() =>
                    test.RunAsync(() => pipe.Input.ReadAsync())
                );
                await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() =>
                    test.RunAsync(() => pipe.Input.TryRead(out _))
                );
            }
        );

    private static async ValueTask<ReadResult> ReadAtLeastAsync(SocketPipe pipe, int count)
    {
        ReadResult read = await pipe.Input.ReadAsync();
        while (read.Buffer.Length < count)
        {
            pipe.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await pipe.Input.ReadAsync();
            Assert.IsTrue(read.Buffer.IsSingleSegment);
        }
        return read;
    }

    // Leaves all bytes examined and unconsumed, as an incomplete head does.
    private static async ValueTask<byte[]> ReadWholeAsync(SocketPipe pipe, int count)
    {
        ReadResult read = await ReadAtLeastAsync(pipe, count);
        byte[] whole = read.Buffer.ToArray();
        pipe.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        return whole;
    }
}
