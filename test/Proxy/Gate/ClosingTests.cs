using FastGate.Test.Faults;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

/// <summary>Closes and resets that no other test covers.</summary>
[TestClass]
public sealed class ClosingTests
{
    [TestMethod, BothBackends]
    public async Task ClientSendsCloseAndUpstreamStays_ConnectionEndsAfterTheResponse(Way way)
    {
        using LogLines log = new();
        await using Scene scene = await Scene.StartAsync(way, options => options with { AccessLog = log.File });
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(
            Scene.Get.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal) + Scene.Get
        );
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        client.Connection.FinishSending();
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
        Assert.IsEmpty(await upstream.ReadToEndAsync(), "the second request");
        Assert.AreEqual(
            "client-close",
            (await log.NextAsync(scene.Gate.Gate)).Single().GetProperty("close").GetString()
        );
    }

    [TestMethod, BothBackends]
    public async Task StopThatCutsOffAResponse_ResetsTheUpstreamAndIsLoggedAsShutdown(Way way)
    {
        using LogLines log = new();
        await using Scene scene = await Scene.StartAsync(
            way,
            options =>
                options with
                {
                    AccessLog = log.File,
                    Limits = options.Limits with { DrainTime = TimeSpan.FromMilliseconds(50) },
                }
        );
        RawClient busy = await scene.ConnectAsync();
        await busy.SendAsync(Scene.Get);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        await scene.Gate.Gate.StopAsync().WithinDeadline();
        await Assert.ThrowsExactlyAsync<System.Net.Sockets.SocketException>(() => upstream.ReadToEndAsync());
        Assert.IsTrue(await scene.Gate.Gate.AccessLog!.FlushAsync().WithinDeadline());
        StringAssert.Contains(await File.ReadAllTextAsync(log.File), "\"close\":\"gate-shutdown\"");
    }

    /// <summary>An immediate close would reset the connection while the client is still sending.</summary>
    [TestMethod, BothBackends]
    public async Task RefusedUpload_CanBeSentOnToItsEnd(Way way)
    {
        const int pieces = 10,
            bytes = 5000;
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync($"POST /api/pull HTTP/1.1\r\nHost: gate\r\nContent-Length: {pieces * bytes}\r\n\r\n");
        Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        for (int i = 0; i < pieces; i++)
        {
            await client.SendAsync(new string('x', bytes));
            await scene.Gate.Gate.Workers[0].Loop.PostAsync(() => true).WithinDeadline();
        }
        client.Connection.FinishSending();
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
    }
}
