using System.Text;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

/// <summary>Bytes are forwarded as they arrive, and wait while they are not read.</summary>
[TestClass]
public sealed class StreamingTests
{
    [TestMethod, BothBackends]
    public async Task EachEvent_IsAReadOfItsOwn(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Post(2, "{}"));
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        await client.Connection.ReadThroughAsync("\r\n\r\n"u8.ToArray());
        for (int i = 0; i < 200; i++)
        {
            string data = $"data: {{\"token\":{i}}}\n\n";
            string chunk = $"{data.Length:x}\r\n{data}\r\n";
            await upstream.SendAsync(chunk);
            // The next event is sent only after this one has arrived: a delayed event would fail the test.
            Assert.AreEqual(chunk, Encoding.ASCII.GetString(await client.Connection.ReadOnceAsync()));
        }
    }

    [TestMethod, BothBackends]
    public async Task GrowingResponseHead_IsNotHeldBackAfterItsStatusLine(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync("HTTP/1.1 200 OK\r\nX: 1");
        await client.Connection.ReadThroughAsync("X: 1"u8.ToArray());
        await upstream.SendAsync("\r\nContent-Length: 2\r\n");
        await client.Connection.ReadThroughAsync("Content-Length: 2\r\n"u8.ToArray());
        await upstream.SendAsync("\r\nok");
        await client.Connection.ReadThroughAsync("\r\nok"u8.ToArray());
        await client.SendAsync(Scene.Get);
        await upstream.RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text, "the end of the first response was found");
    }

    [TestMethod, BothBackends]
    public async Task ClientThatDoesNotRead_StopsTheUpstreamAndNotMemory(Way way)
    {
        const int total = 64 * 1024 * 1024;
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        await client.SendAsync(Scene.Get);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.RespondAsync($"HTTP/1.1 200 OK\r\nContent-Length: {total}\r\n\r\n");
        Task sending = upstream.SendAsync(new byte[total]);
        (RawClient other, _) = await scene.ConnectThroughAsync();
        Assert.IsFalse(sending.IsCompleted, "kernel buffers hold less than this");
        Loop loop = scene.Gate.Gate.Workers[0].Loop;
        Assert.IsLessThanOrEqualTo(
            3,
            await loop.PostAsync(() => loop.Buffers.Lent),
            "The gate holds what it could not send."
        );
        RawResponse response = await client.ReadResponseAsync();
        await sending.WithinDeadline();
        Assert.HasCount(total, response.Content);
        other.Dispose();
    }

    [TestMethod, BothBackends]
    public async Task LargeContent_IsForwardedCompletely(Way way)
    {
        const int total = 8 * 1024 * 1024;
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        byte[] content = new byte[total];
        new Random(7).NextBytes(content);
        Task sending = SendAsync(client, content);
        RawConnection upstream = await scene.NextUpstreamAsync();
        await upstream.ReadHeadAsync();
        CollectionAssert.AreEqual(content, await upstream.ReadExactlyAsync(total));
        await sending.WithinDeadline();
        await upstream.SendAsync(Scene.Ok);
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    private static async Task SendAsync(RawClient client, byte[] content)
    {
        await client.SendAsync(Scene.Post(content.Length));
        await client.Connection.SendAsync(content);
    }
}
