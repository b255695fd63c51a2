using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class SocketReaderTests
{
    private static IEnumerable<object[]> Here => BackendNames.Here;

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task Bytes_AreShownAsTheyCome(string backend) =>
        Check(
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
    public Task HeadByteByByte_StaysOneSegmentUpTo64KiB(string backend) =>
        Check(
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

                // The bytes are still unread: one more can never be shown beside them.
                await Assert.ThrowsExactlyAsync<InvalidOperationException>(() =>
                    test.RunAsync(() => pipe.Input.ReadAsync())
                );
                Assert.AreEqual(1, await test.RunAsync(() => pipe.Loop.Buffers.Lent));
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task HeadBehindOtherBytes_IsMovedTogether(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                byte[] bytes = new byte[BufferPool.LargeBytes];
                new Random(2).NextBytes(bytes);
                Task<byte[]> read = test.RunAsync(async () =>
                {
                    // 10 000 bytes go; what follows them outgrows the small buffer.
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
    public async Task ReaderThatAlwaysFindsBytes_LetsOthersHaveTheirTurn(string backend)
    {
        const int many = 10_000;
        await using TestLoop test = new(backend);
        (SocketPipe busy, Socket busyPeer) = await test.ConnectAsync();
        (SocketPipe other, Socket otherPeer) = await test.ConnectAsync();
        int taken = 0;
        int takenBefore = -1;
        Task<bool> busyRead = test.RunAsync(TakeOneByOneAsync);
        Task<bool> otherRead = test.RunAsync(TakeOtherAsync);
        using ManualResetEventSlim sent = new();
        test.Loop.Post(sent.Wait);
        busyPeer.Send(new byte[many]);
        otherPeer.Send(new byte[1]);
        sent.Set();
        await busyRead;
        await otherRead;
        Assert.IsLessThan(many / 10, takenBefore);

        async ValueTask<bool> TakeOneByOneAsync()
        {
            for (; taken < many; taken++)
            {
                ReadResult read = await busy.Input.ReadAsync();
                busy.Input.AdvanceTo(read.Buffer.GetPosition(1));
            }
            return true;
        }

        async ValueTask<bool> TakeOtherAsync()
        {
            await other.Input.ReadAsync();
            takenBefore = taken;
            return true;
        }
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task PeerFinishes_IsAnEndAfterTheBytes(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                peer.SendText("last");
                peer.Shutdown(SocketShutdown.Send);
                Assert.AreEqual(4, await test.RunAsync(pipe.DrainAsync));
                Assert.AreEqual(InputEnd.Finished, pipe.InputEnd);
                Assert.IsTrue(await test.IsQuietAsync());
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task PeerResets_WhileAReadWaits_IsLost(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                Task<string> read = test.RunAsync(pipe.ReadTextAsync);
                peer.Reset();
                Assert.AreEqual(" (end)", await read);
                Assert.AreEqual(InputEnd.Lost, pipe.InputEnd);
                Assert.IsTrue(await test.IsQuietAsync());
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task PeerResets_WhileNobodyReads_LetsTheLoopSleep(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                Assert.IsFalse(await test.RunAsync(() => pipe.HasPendingInput));
                peer.Reset();
                await test.UntilAsync(() => pipe.HasPendingInput);
                Assert.IsTrue(await test.IsQuietAsync());
                Assert.AreEqual(InputEnd.Open, pipe.InputEnd);
                Assert.AreEqual(" (end)", await test.RunAsync(pipe.ReadTextAsync));
                Assert.AreEqual(InputEnd.Lost, pipe.InputEnd);
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task BytesBeforeAReset_AreReadFirst(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                await test.RunAsync(() => pipe.Output.Complete());
                peer.SendText("answer");
                peer.Shutdown(SocketShutdown.Send);
                await test.UntilAsync(() => pipe.HasPendingInput);
                Assert.IsTrue(await test.IsQuietAsync());
                Assert.AreEqual(6, await test.RunAsync(pipe.DrainAsync));
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task NobodyReads_BytesStayInTheKernel(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                long sent = peer.Flood();
                await test.UntilAsync(() => pipe.HasPendingInput);
                Assert.IsTrue(await test.IsQuietAsync());
                Assert.AreEqual(0, await test.RunAsync(() => pipe.Loop.Buffers.Lent));

                peer.Shutdown(SocketShutdown.Send);
                Assert.AreEqual(sent, await test.RunAsync(pipe.DrainAsync));
                Assert.AreEqual(0, await test.RunAsync(() => pipe.Loop.Buffers.Lent));
            }
        );

    // A transfer that never runs dry once kept the loop from everybody else.
    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task EndlessBytes_AreReadInTurns(string backend) =>
        Check(
            backend,
            receiveBytes: 2 << 20,
            async (test, pipe, peer) =>
            {
                peer.Flood();
                await test.UntilAsync(() => pipe.HasPendingInput);
                int inARow = await test.RunAsync(() =>
                {
                    int count = 0;
                    while (pipe.Input.TryRead(out ReadResult read))
                    {
                        pipe.Input.AdvanceTo(read.Buffer.End);
                        count++;
                    }
                    return count;
                });
                Assert.IsInRange(1, 4, inARow);
                Assert.IsFalse(
                    await test.RunAsync(async () => (await pipe.Input.ReadAsync()).IsCompleted),
                    "and goes on"
                );
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task Cancel_AnswersTheReadThatWaits_AndOnlyThat(string backend) =>
        Check(
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
    public Task CancelBeforehand_AnswersTheNextRead(string backend) =>
        Check(
            backend,
            async (test, pipe, _) =>
            {
                await test.RunAsync(pipe.Input.CancelPendingRead);
                Assert.AreEqual(" (canceled)", await test.RunAsync(pipe.ReadTextAsync));
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task OwnClose_IsClosedAndNotLost(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                peer.SendText("unread");
                await test.UntilAsync(() => pipe.HasPendingInput);
                Assert.AreEqual(
                    " (end)",
                    await test.RunAsync(() =>
                    {
                        pipe.Close();
                        return pipe.ReadTextAsync();
                    })
                );
                Assert.AreEqual(InputEnd.Closed, pipe.InputEnd);
            }
        );

    // A session that gives up while a read waits: what still comes must find no buffer that nobody gives back.
    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task CompleteDuringARead_TakesNoMoreBytes(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                Task<string> read = test.RunAsync(pipe.ReadTextAsync);
                await test.RunAsync(() => pipe.Input.Complete());
                peer.SendText("too late");
                await test.UntilAsync(() => pipe.HasPendingInput);
                Assert.IsTrue(await test.IsQuietAsync());
                Assert.AreEqual(0, await test.RunAsync(() => pipe.Loop.Buffers.Lent));
                await test.RunAsync(pipe.Close);
                Assert.AreEqual(" (end)", await read);
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task Misuse_IsRefused(string backend) =>
        Check(
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

    // All of it unconsumed and examined, as a head is that does not end.
    private static async ValueTask<byte[]> ReadWholeAsync(SocketPipe pipe, int count)
    {
        ReadResult read = await ReadAtLeastAsync(pipe, count);
        byte[] whole = read.Buffer.ToArray();
        pipe.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        return whole;
    }

    private static Task Check(string backend, Func<TestLoop, SocketPipe, Socket, Task> body) =>
        Check(backend, receiveBytes: 0, body);

    private static async Task Check(string backend, int receiveBytes, Func<TestLoop, SocketPipe, Socket, Task> body)
    {
        await using TestLoop test = new(backend);
        (SocketPipe pipe, Socket peer) = await test.ConnectAsync(receiveBytes);
        await body(test, pipe, peer);
        await test.RunAsync(pipe.Close);
        Assert.AreEqual(0, test.Log.Lines.Count);
    }
}
