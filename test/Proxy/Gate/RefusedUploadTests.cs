using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using FastGate.Proxy.Gate;
using FastGate.Test.Faults;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Gate;

/// <summary>A refusal reaches clients that read it only after sending everything; abusing that gains nothing.</summary>
[TestClass]
public sealed class RefusedUploadTests
{
    private const int MiB = 1024 * 1024;

    [TestMethod, BothBackends]
    public async Task RefusedUploadOfAnySize_KeepsItsSentence(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        foreach (int mib in (int[])[1, 4, 8, 20])
        {
            foreach (string head in Heads(mib * MiB))
            {
                RawClient client = await scene.ConnectAsync();
                await client.SendAsync(head);
                await client.Connection.SendAsync(new byte[mib * MiB]);
                string reply = Encoding.UTF8.GetString(await client.Connection.ReadToEndAsync());
                Assert.Contains("FastGate refused", reply, $"{mib} MiB: {head}");
            }
        }
    }

    // Refused for the path, the host, a fault in the head, a fault in the content, and in chunks whose framing is not
    // examined.
    private static string[] Heads(int length) =>
        [
            $"POST /api/chat HTTP/1.1\r\nHost: gate\r\nContent-Length: {length}\r\n\r\n",
            $"POST /v1/messages HTTP/1.1\r\nHost: evil.com\r\nContent-Length: {length}\r\n\r\n",
            $"POST //v1/messages HTTP/1.1\r\nHost: gate\r\nContent-Length: {length}\r\n\r\n",
            $"POST /api/chat HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n",
        ];

    [TestMethod, BothBackends]
    public async Task MoreThanTheLimitOfBytes_IsNotTaken(Way way)
    {
        FakeTimeProvider time = new();
        await using Scene scene = await Scene.StartAsync(
            way,
            options => options with { Limits = options.Limits with { LingerBytesMax = MiB } },
            time
        );
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Heads(64 * MiB)[0]);
        Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        // More than all kernel buffers on the path hold.
        Task sending = client.Connection.SendWithoutDeadlineAsync(new byte[64 * MiB]);
        Worker worker = scene.Gate.Gate.Workers[0];
        while (await worker.Loop.PostAsync(() => worker.SessionCount) > 0)
            time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsInRange(1, 20, (time.GetUtcNow() - time.Start).TotalSeconds);
        await Assert.ThrowsExactlyAsync<SocketException>(() => sending.WithinDeadline());
    }

    [TestMethod, BothBackends]
    public async Task ClientThatTrickles_IsClosedAfterAMinute(Way way)
    {
        FakeTimeProvider time = new();
        CallCounter calls = new(RealCalls.Of(way));
        await using Scene scene = await Scene.StartAsync(way, time: time, calls: calls);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Heads(MiB)[0]);
        Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        Worker worker = scene.Gate.Gate.Workers[0];
        int seconds = 0;
        long sent = calls.ReceivedBytes;
        while (await worker.Loop.PostAsync(() => worker.SessionCount) > 0 && seconds < 300)
        {
            try
            {
                await client.SendAsync("x");
            }
            catch (SocketException)
            {
                // The gate has closed meanwhile, as the session count shows.
                continue;
            }
            sent++;
            // The gate has read the byte, or closed the connection before.
            await Until.HoldsAsync(
                async () => calls.ReceivedBytes >= sent || await worker.Loop.PostAsync(() => worker.SessionCount) == 0,
                "the byte is read"
            );
            time.Advance(TimeSpan.FromSeconds(1));
            seconds++;
        }
        Assert.IsInRange(59, 64, seconds);
    }

    [TestMethod, BothBackends]
    public async Task ClientThatSendsNothingMore_IsClosedAfterTwoSeconds(Way way)
    {
        FakeTimeProvider time = new();
        await using Scene scene = await Scene.StartAsync(way, time: time);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Heads(MiB)[0]);
        Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        Worker worker = scene.Gate.Gate.Workers[0];
        double seconds = 0;
        for (; await worker.Loop.PostAsync(() => worker.SessionCount) > 0; seconds += 0.5)
            time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.IsInRange(2, 6, seconds);
    }

    /// <summary>A shutdown waits for responses, not for refused uploads.</summary>
    [TestMethod, BothBackends]
    public async Task ClientThatTrickles_DoesNotHoldUpAStop(Way way)
    {
        await using Scene scene = await Scene.StartAsync(
            way,
            options =>
                options with
                {
                    Limits = options.Limits with
                    {
                        LingerTime = TimeSpan.FromMilliseconds(300),
                        // If the shutdown waited for it, the deadline of a test step would expire.
                        DrainTime = 10 * StepDeadline.Longest,
                    },
                }
        );
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Heads(MiB)[0]);
        Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        using CancellationTokenSource enough = new();
        Task trickling = TrickleAsync(client, enough.Token);
        await Task.Delay(TimeSpan.FromMilliseconds(700));
        Worker worker = scene.Gate.Gate.Workers[0];
        Assert.AreEqual(
            1,
            await worker.Loop.PostAsync(() => worker.SessionCount),
            "the upload progresses, so its session stays"
        );
        await scene.Gate.Gate.StopAsync().WithinDeadline();
        await enough.CancelAsync();
        await trickling;
    }

    private static async Task TrickleAsync(RawClient client, CancellationToken enough)
    {
        try
        {
            while (!enough.IsCancellationRequested)
            {
                await client.SendAsync("x");
                await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            }
        }
        catch (SocketException)
        {
            // The gate has closed the connection.
        }
    }

    /// <summary>
    /// During 32 refused uploads of 64 MiB each, another client is served, and each upload is cut off at the limit.
    /// </summary>
    [TestMethod]
    [DoNotParallelize]
    public async Task ManyRefusedUploads_LeaveOthersServed()
    {
        await using Scene scene = await Scene.StartAsync(Way.Epoll);
        byte[] piece = new byte[256 * 1024];
        using CancellationTokenSource enough = new();
        Task[] uploads =
        [
            .. Enumerable.Range(0, 32).Select(_ => Task.Run(() => UploadAsync(scene, piece, enough.Token))),
        ];
        RawClient other = await scene.ConnectAsync();
        double worst = 0;
        for (int i = 0; i < 50; i++)
        {
            long began = Stopwatch.GetTimestamp();
            Assert.AreEqual(403, (await other.ExchangeAsync(Scene.Forbidden)).Status);
            worst = Math.Max(worst, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        TestContext.WriteLine($"the slowest of 50 refusals beside 32 uploads: {worst:F1} ms");
        Assert.IsLessThan(5_000, worst);
        await enough.CancelAsync();
        await Task.WhenAll(uploads);
    }

    public required TestContext TestContext { get; set; }

    private static async Task UploadAsync(Scene scene, byte[] piece, CancellationToken enough)
    {
        using RawClient client = await RawClient.ConnectAsync(scene.Gate.Endpoint);
        await client.SendAsync(Heads(1024 * MiB)[0]);
        try
        {
            for (int i = 0; i < 1024 && !enough.IsCancellationRequested; i++)
                await client.Connection.SendWithoutDeadlineAsync(piece);
        }
        catch (SocketException)
        {
            // Past the limit the gate closes.
        }
    }
}
