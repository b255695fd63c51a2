using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Proxy.Transport;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Faults;

/// <summary>An unexpected exception ends one connection and is logged; nothing else happens.</summary>
[TestClass]
public sealed class UnexpectedTests
{
    /// <summary>
    /// Regression: on a loop other than the accepting one, this ended the process, and each time a slot was lost.
    /// </summary>
    [TestMethod, BothBackends]
    public async Task ExceptionOnAnyLoop_ReleasesTheSlot(Way way)
    {
        const int clients = 8;
        ThrowingCalls calls = new(way);
        RecordingLogger logger = new();
        await using Scene scene = await Scene.StartAsync(
            way,
            options => options with { Loops = 2, Limits = options.Limits with { ConnectionsPerPeerMax = clients } },
            log: logger,
            calls: calls
        );
        calls.Throws = true;
        for (int i = 0; i < clients; i++)
        {
            using RawClient client = await RawClient.ConnectAsync(scene.Gate.Endpoint);
            await client.SendAsync(Scene.Get);
            await Assert.ThrowsExactlyAsync<SocketException>(() => client.Connection.ReadToEndAsync());
        }
        calls.Throws = false;
        await Census.UntilAsync(scene.Gate.Gate, census => census.Places == 0);
        for (int i = 0; i < clients; i++)
            Assert.AreEqual(403, (await (await scene.ConnectAsync()).ExchangeAsync(Scene.Forbidden)).Status);
        Assert.AreEqual(clients, logger.Count(LogLevel.Error));
    }

    [TestMethod, BothBackends]
    [OSCondition(OperatingSystems.Linux)]
    public async Task ListenerThatHangsUp_IsRetriedWithoutSpinning(Way way)
    {
        TestTimeProvider time = new();
        await using TestLoop test = new(way.Backend(), time);
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        SocketTuning.TuneListener(listener);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4);
        Acceptor acceptor = await test.RunAsync(() => new Acceptor(test.Loop, new Descriptor(listener), test.Log));
        Task<Descriptor?> accept = test.RunAsync(acceptor.AcceptAsync);
        listener.Shutdown(SocketShutdown.Both);
        await test.UntilAsync(() => time.TimersSet > 0);
        Assert.IsTrue(await test.IsQuietAsync());
        time.Advance(Acceptor.Pause);
        await test.UntilAsync(() => time.TimersSet > 0);
        Assert.AreEqual(1, test.Log.Count(LogLevel.Warning));

        listener.Listen(4);
        time.Advance(Acceptor.Pause);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        using Descriptor? accepted = await accept;
        Assert.AreEqual(client.LocalEndPoint, accepted!.AsSocket().RemoteEndPoint);
        await test.RunAsync(acceptor.Close);
    }
}
