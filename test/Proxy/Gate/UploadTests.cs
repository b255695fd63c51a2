using System.Net.Sockets;
using FastGate.Proxy.Gate;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Gate;

/// <summary>An upstream that does not take the content of a request for a while. The clock is the test's own.</summary>
[TestClass]
public sealed class UploadTests
{
    // More than all kernel buffers on the way hold.
    private const int ContentBytes = 64 * 1024 * 1024;

    [TestMethod, BothBackends]
    public async Task UpstreamThatTakesContentLate_IsNotTakenForAStallOfTheClient(Way way)
    {
        FakeTimeProvider time = new();
        await using Scene scene = await SetAsync(way, time);
        (RawClient client, RawConnection upstream, Task sending) = await BlockAsync(scene, time);
        await upstream.ReadExactlyAsync(ContentBytes);
        await sending;
        await upstream.SayAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    [TestMethod, BothBackends]
    public async Task ClientLostWhileUpstreamTakesNothing_DoesNotHoldItsPlaceForEver(Way way)
    {
        FakeTimeProvider time = new();
        await using Scene scene = await SetAsync(way, time);
        (RawClient client, RawConnection upstream, Task sending) = await BlockAsync(scene, time);
        await CheckServedAsync(scene);
        client.Connection.Abort();
        await CheckCutOffAsync(sending);
        Worker worker = scene.Gate.Gate.Workers[0];
        while (await worker.Loop.PostAsync(() => worker.SessionCount) > 0)
            time.Advance(TimeSpan.FromSeconds(61));
        await Assert.ThrowsExactlyAsync<SocketException>(() => upstream.ReadToEndAsync());
    }

    // A gate that fails here lingers, and on a clock that stands still only the client's end ends that.
    private static Task<Scene> SetAsync(Way way, FakeTimeProvider time) =>
        Scene.SetAsync(
            way,
            options => options with { Limits = options.Limits with { LingerBytesMax = int.MaxValue } },
            time
        );

    // Returns when the content deadline has come while the gate could not send.
    private static async Task<(RawClient Client, RawConnection Upstream, Task Sending)> BlockAsync(
        Scene scene,
        FakeTimeProvider time
    )
    {
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Post(ContentBytes));
        RawConnection upstream = await scene.ArriveAsync();
        await upstream.ReadHeadAsync();
        Task sending = client.Connection.SendAsync(new byte[ContentBytes]);
        Worker worker = scene.Gate.Gate.Workers[0];
        // Between two events a session holds a buffer only if it cannot send.
        while (!await worker.Loop.PostAsync(() => AdvanceIf(worker.Loop.Buffers.Lent > 0)))
            await Task.Yield();
        // The turn in which the clock moved had begun before; the next one finds what is due.
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

    // Others do not notice.
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
            Assert.Fail("All was sent: nothing was blocked.");
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // By the test's own reset.
        }
    }
}
