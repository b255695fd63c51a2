using System.IO.Pipelines;
using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

/// <summary>Backpressure, and the share of the loop that one reader gets.</summary>
[TestClass]
public sealed class SocketReaderTurnTests
{
    private static IEnumerable<object[]> Here => BackendNames.Here;

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task ReaderThatAlwaysHasBytes_LetsOthersHaveTheirTurn(string backend)
    {
        const int total = 10_000;
        await using TestLoop test = new(backend);
        (SocketPipe busy, Socket busyPeer) = await test.ConnectAsync();
        (SocketPipe other, Socket otherPeer) = await test.ConnectAsync();
        int taken = 0;
        int takenByOthersTurn = -1;
        Task<bool> busyRead = test.RunAsync(TakeOneByOneAsync);
        Task<bool> otherRead = test.RunAsync(TakeOtherAsync);
        using ManualResetEventSlim sent = new();
        test.Loop.Post(sent.Wait);
        busyPeer.Send(new byte[total]);
        otherPeer.Send(new byte[1]);
        sent.Set();
        await busyRead;
        await otherRead;
        Assert.IsLessThan(total / 10, takenByOthersTurn);

        async ValueTask<bool> TakeOneByOneAsync()
        {
            for (; taken < total; taken++)
            {
                ReadResult read = await busy.Input.ReadAsync();
                busy.Input.AdvanceTo(read.Buffer.GetPosition(1));
            }
            return true;
        }

        async ValueTask<bool> TakeOtherAsync()
        {
            await other.Input.ReadAsync();
            takenByOthersTurn = taken;
            return true;
        }
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task WithoutARead_BytesStayInTheKernel(string backend) =>
        TestLoop.WithPipeAsync(
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

    // Regression: a transfer that always had more once kept the loop from other sockets.
    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task EndlessBytes_AreReadInTurns(string backend) =>
        TestLoop.WithPipeAsync(
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
                    "the next read continues"
                );
            }
        );
}
