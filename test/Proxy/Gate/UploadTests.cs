using System.Net.Sockets;
using FastGate.Proxy.Gate;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Gate;

/// <summary>An upstream that does not read a request's content for a while, on a manual clock.</summary>
[TestClass]
public sealed class UploadTests
{
    // More than all kernel buffers on the path hold.
    private const int ContentBytes = 64 * 1024 * 1024;

    [TestMethod, BothBackends]
    public async Task UpstreamThatTakesContentLate_IsNotMistakenForAStallOfTheClient(Way way)
    {
        FakeTimeProvider time = new();
        await using Scene scene = await StartAsync(way, time);
        (RawClient client, RawConnection upstream, Task sending) = await BlockAsync(scene, time);
        await upstream.ReadExactlyAsync(ContentBytes);
        await sending;
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    [TestMethod, BothBackends]
    public async Task ClientLostWhileUpstreamTakesNothing_DoesNotHoldItsPlaceForEver(Way way)
    {
        FakeTimeProvider time = new();
        await using Scene scene = await StartAsync(way, time);
        (RawClient client, RawConnection upstream, Task sending) = await BlockAsync(scene, time);
        await CheckServedAsync(scene);
        client.Connection.Abort();
        await CheckCutOffAsync(sending);
        Worker worker = scene.Gate.Gate.Workers[0];
        while (await worker.Loop.PostAsync(() => worker.SessionCount) > 0)
            time.Advance(TimeSpan.FromSeconds(61));
        await Assert.ThrowsExactlyAsync<SocketException>(() => upstream.ReadToEndAsync());
    }

    // If the gate fails here, it lingers; on a stopped clock, only the client's close ends that.
    private static Task<Scene> StartAsync(Way way, FakeTimeProvider time) =>
        Scene.StartAsync(
            way,
            options => options with { Limits = options.Limits with { LingerBytesMax = int.MaxValue } },
            time
        );

    // Returns when the content deadline has expired while the gate could not send.
    private static async Task<(RawClient Client, RawConnection Upstream, Task Sending)> BlockAsync(
        Scene scene,
        FakeTimeProvider time
    )
    {
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Post(ContentBytes));
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        Task sending = client.Connection.SendAsync(new byte[ContentBytes]);
        Worker worker = scene.Gate.Gate.Workers[0];
        // Between two events a session holds a buffer only if it cannot send.
        while (!await worker.Loop.PostAsync(() => AdvanceIf(worker.Loop.Buffers.Lent > 0)))
            await Task.Yield();
        // The clock moved during a turn; the next turn fires expired timers.
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsTrue(await worker.Loop.PostAsync(() => true));
        Assert.IsTrue(await worker.Loop.PostAsync(() => true));
        return (client, upstream, sending);

        bool AdvanceIf(bool blocked)
        {
            if (blocked)
                time.Advance(TimeSpan.FromSeconds(61));
            return blocked;
        }
    }

    // Other clients are unaffected.
    private static async Task CheckServedAsync(Scene scene)
    {
        RawClient other = await scene.ConnectAsync();
        Assert.AreEqual(403, (await other.ExchangeAsync(Scene.Forbidden)).Status);
        other.Dispose();
    }

    private static async Task CheckCutOffAsync(Task sending)
    {
        try
        {
            await sending;
            Assert.Fail("everything was sent, so nothing was blocked");
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Ended by the test's own reset.
        }
    }
}
