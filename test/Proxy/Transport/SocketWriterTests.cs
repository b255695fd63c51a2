using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class SocketWriterTests
{
    private const int ManyBytes = 16 << 20;

    private static IEnumerable<object[]> Here => BackendNames.Here;

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task HeadAndContent_AreSentInOrder(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                await test.RunAsync(() =>
                {
                    Write(pipe, "head,");
                    return pipe.WriteTextAsync("content,");
                });
                await test.RunAsync(() =>
                {
                    Write(pipe, "second head,");
                    return pipe.Output.WriteAsync(new byte[BufferPool.SmallBytes]);
                });
                await test.RunAsync(() => pipe.Output.Complete());

                Assert.AreEqual(
                    "head,content,second head," + new string('\0', BufferPool.SmallBytes),
                    peer.ReceiveAll()
                );
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task WrittenPieces_GrowIntoTheLargeBuffer(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                string piece = new('x', 5000);
                await test.RunAsync(() =>
                {
                    for (int i = 0; i < 13; i++)
                        Write(pipe, piece);
                    return pipe.Output.FlushAsync();
                });
                await test.RunAsync(() => pipe.Output.Complete());

                Assert.AreEqual(13 * 5000, peer.ReceiveAll().Length);
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task MoreThanTheLargeBuffer_Throws(string backend) =>
        Check(
            backend,
            async (test, pipe, _) =>
                await Assert.ThrowsExactlyAsync<ArgumentOutOfRangeException>(() =>
                    test.RunAsync(() => pipe.Output.GetMemory(BufferPool.LargeBytes + 1).Length)
                )
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task PeerThatDoesNotRead_MakesTheWriteWait(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                byte[] bytes = new byte[ManyBytes];
                new Random(3).NextBytes(bytes);
                Task<FlushResult> write = test.RunAsync(() => pipe.Output.WriteAsync(bytes));
                Assert.IsTrue(await test.IsQuietAsync());
                Assert.IsFalse(write.IsCompleted);

                byte[] got = new byte[ManyBytes];
                for (int count = 0; count < ManyBytes; count += peer.Receive(got.AsSpan(count))) { }
                Assert.IsFalse((await write).IsCompleted);
                Assert.IsTrue(bytes.AsSpan().SequenceEqual(got));
                Assert.IsTrue(await test.IsQuietAsync());
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task PeerThatIsGone_CompletesThePendingWrite(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                Task<FlushResult> write = test.RunAsync(() => pipe.Output.WriteAsync(new byte[ManyBytes]));
                peer.Reset();
                Assert.IsTrue((await write).IsCompleted);
                Assert.IsTrue((await test.RunAsync(() => pipe.WriteTextAsync("more"))).IsCompleted);
                Assert.IsTrue(await test.IsQuietAsync());
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task Complete_IsAHalfClose(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                await test.RunAsync(() => pipe.WriteTextAsync("request"));
                await test.RunAsync(() => pipe.Output.Complete());
                Assert.AreEqual("request", peer.ReceiveAll());

                peer.SendText("response");
                Assert.AreEqual("response", await test.RunAsync(pipe.ReadTextAsync));
                Assert.IsTrue((await test.RunAsync(() => pipe.WriteTextAsync("late"))).IsCompleted);
            }
        );

    // Regression: such a write completed as if its bytes had been sent.
    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task CompleteDuringAWrite_BreaksIt_AndReadsContinue(string backend) =>
        Check(
            backend,
            async (test, pipe, peer) =>
            {
                Task<FlushResult> write = test.RunAsync(() => pipe.Output.WriteAsync(new byte[ManyBytes]));
                await test.RunAsync(() => pipe.Output.Complete());
                Assert.IsTrue((await write).IsCompleted);
                Assert.IsTrue(await test.IsQuietAsync());

                peer.SendText("still here");
                Assert.AreEqual("still here", await test.RunAsync(pipe.ReadTextAsync));
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task CloseDuringAWrite_BreaksItAfterTheCurrentEvent(string backend) =>
        Check(
            backend,
            async (test, pipe, _) =>
            {
                Task<FlushResult> write = test.RunAsync(() => pipe.Output.WriteAsync(new byte[ManyBytes]));
                Assert.IsFalse(
                    await test.RunAsync(() =>
                    {
                        pipe.Close();
                        return write.IsCompleted;
                    })
                );
                Assert.IsTrue((await write).IsCompleted);
            }
        );

    // Otherwise the pool could rent it to another connection, whose bytes would be overwritten.
    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task CloseWhileAWriteIsPrepared_LeavesTheBufferToTheWriter(string backend) =>
        Check(
            backend,
            async (test, pipe, _) =>
            {
                await test.RunAsync(() => Write(pipe, "prepared"));
                await test.RunAsync(pipe.Close);
                Assert.AreEqual(1, await test.RunAsync(() => pipe.Loop.Buffers.Lent));
                await test.RunAsync(() => Write(pipe, ", more"));
                Assert.IsTrue((await test.RunAsync(() => pipe.Output.FlushAsync())).IsCompleted);
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task SecondWriteDuringAWrite_Throws(string backend) =>
        Check(
            backend,
            async (test, pipe, _) =>
            {
                Task<FlushResult> write = test.RunAsync(() => pipe.Output.WriteAsync(new byte[ManyBytes]));
                await Assert.ThrowsExactlyAsync<InvalidOperationException>(() =>
                    test.RunAsync(() => pipe.WriteTextAsync("x"))
                );
                await Assert.ThrowsExactlyAsync<InvalidOperationException>(() =>
                    test.RunAsync(() => pipe.Output.FlushAsync())
                );
                await test.RunAsync(pipe.Close);
                await write;
            }
        );

    private static void Write(SocketPipe pipe, string text)
    {
        Encoding.ASCII.GetBytes(text, pipe.Output.GetSpan(text.Length));
        pipe.Output.Advance(text.Length);
    }

    private static async Task Check(string backend, Func<TestLoop, SocketPipe, Socket, Task> body)
    {
        await using TestLoop test = new(backend);
        (SocketPipe pipe, Socket peer) = await test.ConnectAsync();
        await body(test, pipe, peer);
        await test.RunAsync(() =>
        {
            pipe.Output.Complete();
            pipe.Close();
        });
        Assert.AreEqual(0, await test.RunAsync(() => pipe.Loop.Buffers.Lent));
        Assert.AreEqual(0, test.Log.Lines.Count);
    }
}
