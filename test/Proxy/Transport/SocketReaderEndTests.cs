using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

/// <summary>How reads end on every backend: FIN, reset, and this side's own close.</summary>
[TestClass]
public sealed class SocketReaderEndTests
{
    private static IEnumerable<object[]> Here => BackendNames.Here;

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task Fin_IsAnEndAfterTheBytes(string backend) =>
        TestLoop.WithPipeAsync(
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
    public Task ResetDuringARead_IsLost(string backend) =>
        TestLoop.WithPipeAsync(
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
    public Task ResetWithoutARead_LetsTheLoopSleep(string backend) =>
        TestLoop.WithPipeAsync(
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
        TestLoop.WithPipeAsync(
            backend,
            async (test, pipe, peer) =>
            {
                await test.RunAsync(() => pipe.Output.Complete());
                peer.SendText("result");
                peer.Shutdown(SocketShutdown.Send);
                await test.UntilAsync(() => pipe.HasPendingInput);
                Assert.IsTrue(await test.IsQuietAsync());
                Assert.AreEqual(6, await test.RunAsync(pipe.DrainAsync));
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task OwnClose_IsClosedAndNotLost(string backend) =>
        TestLoop.WithPipeAsync(
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

    // Regression: bytes that arrived after a session ended during a read took a buffer that was never returned.
    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task CompleteDuringARead_ReceivesNoMore(string backend) =>
        TestLoop.WithPipeAsync(
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
}
