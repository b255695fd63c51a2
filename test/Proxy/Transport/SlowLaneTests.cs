using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

/// <summary>
/// Readers that always have more bytes. Regression: each got turns of 32 reads, but an event also completed a read that
/// waited for its turn, so the turns multiplied: 200 connections kept the loop from others for seconds.
/// </summary>
[TestClass]
public sealed class SlowLaneTests
{
    private const int Busy = 64;
    private const int ReadsInARow = 32;

    private static IEnumerable<object[]> Here => BackendNames.Here;

    /// <summary>Their common share depends neither on their number nor on how often new bytes are reported.</summary>
    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task ReadersThatAlwaysHaveMore_ShareOneBudget(string backend)
    {
        await using TestLoop test = new(backend);
        (SocketPipe other, Socket otherPeer) = await test.ConnectAsync();
        List<Socket> peers = [];
        long taken = 0;
        for (int i = 0; i < Busy; i++)
        {
            (SocketPipe pipe, Socket peer) = await test.ConnectAsync();
            peers.Add(peer);
            _ = test.Loop.PostAsync(() => TakeOneByOneAsync(pipe));
        }
        _ = test.Loop.PostAsync(() => EchoAsync(other));
        foreach (Socket peer in peers)
            peer.Send(new byte[20_000]);
        // All have had their first turn; from here on they are in the slow lane.
        await test.UntilAsync(() => taken >= Busy * (ReadsInARow - 1));
        long began = Stopwatch.GetTimestamp(),
            before = await test.RunAsync(() => taken);
        for (int i = 0; i < 200; i++)
        {
            // More bytes for each; every one is an event.
            foreach (Socket peer in peers)
                peer.Send(new byte[1]);
            otherPeer.Send(new byte[1]);
            Assert.AreEqual(1, otherPeer.Receive(new byte[1]));
        }
        long read = await test.RunAsync(() => taken) - before;
        double intervals = Stopwatch.GetElapsedTime(began) / SlowLane.Interval;
        Assert.IsLessThanOrEqualTo((intervals + 2) * SlowLane.CreditPerInterval, read);
        Assert.IsGreaterThan(0, read, "the readers continue");

        async Task TakeOneByOneAsync(SocketPipe pipe)
        {
            while (true)
            {
                ReadResult result = await pipe.Input.ReadAsync();
                if (result.IsCompleted)
                    return;
                taken++;
                pipe.Input.AdvanceTo(result.Buffer.GetPosition(1));
            }
        }
    }

    /// <summary>A slow peer that sends one message at a time is served at once while it stays within the
    /// budget.</summary>
    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task SlowPeerAlone_IsServedAtOnce(string backend)
    {
        await using TestLoop test = new(backend);
        (SocketPipe pipe, Socket peer) = await test.ConnectAsync();
        await test.RunAsync(() => pipe.IsSlow = true);
        _ = test.Loop.PostAsync(() => EchoAsync(pipe));
        List<double> times = [];
        for (int i = 0; i < 200; i++)
        {
            long began = Stopwatch.GetTimestamp();
            peer.Send(new byte[1]);
            Assert.AreEqual(1, peer.Receive(new byte[1]));
            times.Add(Stopwatch.GetElapsedTime(began) / SlowLane.Interval);
        }
        times.Sort();
        Assert.IsLessThan(
            1,
            times[20],
            "intervals, for the fastest tenth: the others may take longer on a busy machine"
        );
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task SlowPeer_EndIsRead(string backend)
    {
        await using TestLoop test = new(backend);
        (SocketPipe pipe, Socket peer) = await test.ConnectAsync();
        (SocketPipe lost, Socket lostPeer) = await test.ConnectAsync();
        await test.RunAsync(() => pipe.IsSlow = lost.IsSlow = true);
        // Overdrawn: the next read has to queue.
        await test.RunAsync(() => test.Loop.Slow.Charge(100 * SlowLane.BytesPerCredit));
        Task<string> read = test.RunAsync(pipe.ReadTextAsync),
            lostRead = test.RunAsync(lost.ReadTextAsync);
        peer.SendText("last");
        peer.Shutdown(SocketShutdown.Send);
        lostPeer.Reset();
        Assert.AreEqual("last", (await read)[..4]);
        Assert.AreEqual(" (end)", await lostRead);
        await test.RunAsync(pipe.Close);
        await test.RunAsync(lost.Close);
        Assert.IsTrue(await test.IsQuietAsync());
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task ClosedAndCanceledWhileQueued_CompletesOnce(string backend)
    {
        await using TestLoop test = new(backend);
        (SocketPipe pipe, Socket peer) = await test.ConnectAsync();
        await test.RunAsync(() => pipe.IsSlow = true);
        await test.RunAsync(() => test.Loop.Slow.Charge(1000 * SlowLane.BytesPerCredit));
        peer.SendText("x");
        await test.UntilAsync(() => pipe.HasPendingInput || test.Loop.Slow.WaitMilliseconds > 0);
        Task<string> canceled = test.RunAsync(pipe.ReadTextAsync);
        await test.RunAsync(pipe.Input.CancelPendingRead);
        StringAssert.Contains(await canceled, "(canceled)");
        Task<string> closed = test.RunAsync(pipe.ReadTextAsync);
        await test.RunAsync(pipe.Close);
        StringAssert.Contains(await closed, "(end)");
        // The queued turn runs and finds no pending read.
        await test.UntilAsync(() => test.Loop.Slow.WaitMilliseconds < 0);
        Assert.AreEqual(0, test.Log.Lines.Count);
    }

    private static async Task EchoAsync(SocketPipe pipe)
    {
        while (true)
        {
            ReadResult result = await pipe.Input.ReadAsync();
            if (result.IsCompleted)
                return;
            pipe.Input.AdvanceTo(result.Buffer.End);
            await pipe.Output.WriteAsync(new byte[1]);
        }
    }
}
