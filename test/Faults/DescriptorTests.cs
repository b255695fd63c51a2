using System.Net;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>The real program with few spare descriptors and more clients than descriptors.</summary>
[TestClass]
[TestCategory(Category.Process)]
[OSCondition(OperatingSystems.Linux)]
public sealed class DescriptorTests
{
    // The runtime itself uses about 120.
    private const int Descriptors = 192;
    private const int Clients = 200;
    private const int CheckedRequest = 12;

    [TestMethod]
    public async Task MoreClientsThanDescriptors_StreamsContinue_AndAcceptingResumes()
    {
        using RawUpstream upstream = new();
        IPEndPoint entrance = new(IPAddress.Loopback, Ports.Free());
        using GateProcess gate = GateProcess.StartLimited(
            Descriptors,
            "run",
            "--listen",
            entrance.ToString(),
            "--upstream",
            upstream.Endpoint.ToString(),
            "--allow",
            "@seed"
        );
        gate.WaitFor("Listening on");
        using RawClient streaming = await RawClient.ConnectAsync(entrance);
        await streaming.SendAsync(Scene.Get);
        using RawConnection stream = await upstream.NextAsync();
        await stream.RespondAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        await streaming.Connection.ReadThroughAsync("\r\n\r\n"u8.ToArray());

        List<RawClient> crowd = [];
        for (int i = 0; i < Clients; i++)
            crowd.Add(await RawClient.ConnectAsync(entrance));
        gate.WaitFor("Accepting is paused");
        await CheckStreamAsync(stream, streaming);
        await CheckShortageIsReportedAsync(crowd.Take(CheckedRequest), upstream);
        await CheckStreamAsync(stream, streaming);

        foreach (RawClient client in crowd)
            client.Dispose();
        await Until.HoldsAsync(() => FloodWithoutDescriptorsTests.IsServedAsync(entrance), "a new client is served");
        await CheckStreamAsync(stream, streaming);
        streaming.Dispose();
        stream.Dispose();
        gate.Signal("TERM");
        Assert.AreEqual(0, await gate.ExitAsync(), gate.Output);
        Assert.DoesNotContain("nexpected", gate.Output);
    }

    // First the ready connections are used up; then no connection can be opened.
    private static async Task CheckShortageIsReportedAsync(IEnumerable<RawClient> clients, RawUpstream upstream)
    {
        RawClient[] asking = [.. clients];
        foreach (RawClient client in asking)
            await client.SendAsync(Scene.Get);
        Task answering = AnswerAllAsync(upstream);
        int refused = 0;
        foreach (RawClient client in asking)
        {
            RawResponse response = await client.ReadResponseAsync();
            if (response.Status == 200)
                continue;
            refused++;
            Assert.AreEqual(503, response.Status);
            StringAssert.Contains(response.Text, "no file descriptors left");
        }
        Assert.IsGreaterThan(0, refused);
        Assert.IsFalse(answering.IsFaulted);
    }

    private static async Task AnswerAllAsync(RawUpstream upstream)
    {
        try
        {
            while (true)
                await (await upstream.NextAsync()).RespondAsync();
        }
        catch (Exception exception)
            when (exception is TimeoutException or System.Threading.Channels.ChannelClosedException)
        {
            // The test is over.
        }
    }

    private static async Task CheckStreamAsync(RawConnection stream, RawClient streaming)
    {
        for (int i = 0; i < 10; i++)
        {
            await stream.SendAsync("5\r\nhello\r\n");
            await streaming.Connection.ReadExactlyAsync("5\r\nhello\r\n".Length);
        }
    }
}
