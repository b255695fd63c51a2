using System.IO.Pipelines;
using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class SocketPipeTests
{
    private static IEnumerable<object[]> Here => BackendNames.Here;

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task PingPong_AllocatesNothing_AndHoldsNoBufferWhenIdle(string backend)
    {
        await using TestLoop test = new(backend);
        (SocketPipe near, SocketPipe far) = await test.ConnectBothAsync();
        Task<long> echo = test.RunAsync(() => EchoAsync(far));

        long allocated = await test.RunAsync(() => PingAsync(near, warmUp: 2_000, rounds: 10_000));
        int lent = await test.RunAsync(() => test.Loop.Buffers.Lent);
        await test.RunAsync(near.Close);

        Assert.AreEqual(12_000, await echo);
        Assert.AreEqual(0, allocated);
        Assert.AreEqual(0, lent);
        await test.RunAsync(far.Close);
        Assert.AreEqual(0, await test.RunAsync(() => test.Loop.Buffers.Lent));
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task Close_EndsThePendingRead_AndThePeers(string backend)
    {
        await using TestLoop test = new(backend);
        (SocketPipe pipe, Socket peer) = await test.ConnectAsync();
        Task<string> read = test.RunAsync(pipe.ReadTextAsync);

        await test.RunAsync(() =>
        {
            pipe.Close();
            pipe.Close();
            Assert.IsFalse(read.IsCompleted, "the pending read completes after the current event");
        });

        Assert.AreEqual(" (end)", await read);
        Assert.AreEqual(InputEnd.Closed, pipe.InputEnd);
        Assert.AreEqual("", peer.ReceiveAll());
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task Abort_IsAResetForThePeer(string backend)
    {
        await using TestLoop test = new(backend);
        (SocketPipe pipe, Socket peer) = await test.ConnectAsync();

        await test.RunAsync(pipe.Abort);

        peer.Receive(new byte[1], SocketFlags.None, out SocketError error);
        Assert.AreEqual(SocketError.ConnectionReset, error);
    }

    // The reader continues inside OnReadable or OnHungUp, whose remaining code must cope with a closed pipe.
    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task ReaderThatClosesAtOnce_IsHandled(string backend)
    {
        await using TestLoop test = new(backend);
        foreach (bool reset in new[] { false, true })
        {
            (SocketPipe pipe, Socket peer) = await test.ConnectAsync();
            Task<FlushResult> write = test.RunAsync(() => pipe.Output.WriteAsync(new byte[16 << 20]));
            Task<string> read = test.RunAsync(async () =>
            {
                string text = await pipe.ReadTextAsync();
                pipe.Close();
                return text;
            });
            if (reset)
                peer.Reset();
            else
                peer.SendText("bye");
            Assert.AreEqual(reset ? " (end)" : "bye", await read);
            Assert.IsTrue((await write).IsCompleted);
        }
        Assert.AreEqual(0, await test.RunAsync(() => test.Loop.Buffers.Lent));
        Assert.IsTrue(await test.IsQuietAsync());
        Assert.AreEqual(0, test.Log.Lines.Count);
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task IdleConnection_HasPendingInputAfterAnyEvent(string backend)
    {
        await using TestLoop test = new(backend);
        foreach (
            Action<Socket> act in new Action<Socket>[]
            {
                peer => peer.SendText("x"),
                peer => peer.Shutdown(SocketShutdown.Send),
                peer => peer.Reset(),
            }
        )
        {
            (SocketPipe pipe, Socket peer) = await test.ConnectAsync();
            Assert.IsFalse(await test.RunAsync(() => pipe.HasPendingInput));
            act(peer);
            await test.UntilAsync(() => pipe.HasPendingInput);
            Assert.IsTrue(await test.IsQuietAsync());
            await test.RunAsync(pipe.Close);
        }
    }

    /// <returns>Bytes allocated on the loop's thread after the warm-up, in which async methods allocate their
    /// state.</returns>
    private static async ValueTask<long> PingAsync(SocketPipe pipe, int warmUp, int rounds)
    {
        ReadOnlyMemory<byte> ping = new byte[64];
        long before = 0;
        for (int round = 0; round < warmUp + rounds; round++)
        {
            if (round == warmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            await pipe.Output.WriteAsync(ping);
            ReadResult read = await pipe.Input.ReadAsync();
            pipe.Input.AdvanceTo(read.Buffer.End);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <returns>The number of reads that it echoed.</returns>
    private static async ValueTask<long> EchoAsync(SocketPipe pipe)
    {
        for (long count = 0; ; count++)
        {
            ReadResult read = await pipe.Input.ReadAsync();
            if (read.IsCompleted)
                return count;
            pipe.Output.GetSpan(64)[..64].Clear();
            pipe.Output.Advance(64);
            pipe.Input.AdvanceTo(read.Buffer.End);
            await pipe.Output.FlushAsync();
        }
    }
}
