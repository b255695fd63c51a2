using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Faults;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class AcceptorTests
{
    private static IEnumerable<object[]> Here => BackendNames.Here;

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task Connections_AreAcceptedTuned(string backend) =>
        Check(
            backend,
            async (test, acceptor, endPoint, _) =>
            {
                Task<Descriptor?> accept = test.RunAsync(acceptor.AcceptAsync);
                using Socket client = Connect(endPoint);
                using Descriptor? accepted = await accept;
                Assert.IsNotNull(accepted);
                Socket socket = accepted.AsSocket();

                Assert.AreEqual(IPAddress.Loopback, accepted.Peer);
                Assert.IsTrue(socket.NoDelay);
                // Nothing has arrived: a receive on a blocking socket would never return.
                SocketError none = default;
                Assert.AreEqual(0, await test.RunAsync(() => test.Loop.Calls.Receive(accepted, new byte[1], out none)));
                Assert.AreEqual(SocketError.WouldBlock, none);
                Assert.AreEqual(SocketTuning.KeepAliveSeconds, Option(socket, SocketOptionName.TcpKeepAliveTime));
                Assert.AreEqual(SocketTuning.KeepAliveProbes, Option(socket, SocketOptionName.TcpKeepAliveRetryCount));
                Assert.AreEqual(client.LocalEndPoint, socket.RemoteEndPoint);
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task UnrequestedConnection_WaitsAndLetsTheLoopSleep(string backend) =>
        Check(
            backend,
            async (test, acceptor, endPoint, _) =>
            {
                Task<Descriptor?> accept = test.RunAsync(acceptor.AcceptAsync);
                using Socket first = Connect(endPoint);
                (await accept)!.Dispose();
                using Socket second = Connect(endPoint);
                // Not requested: reported once, then not again.
                await test.RunAsync(() => true);
                Assert.IsTrue(await test.IsQuietAsync());

                using Descriptor? later = await test.RunAsync(acceptor.AcceptAsync);
                Assert.AreEqual(second.LocalEndPoint, later!.AsSocket().RemoteEndPoint);
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task Close_CompletesTheAcceptWithNull(string backend) =>
        Check(
            backend,
            async (test, acceptor, endPoint, _) =>
            {
                Task<Descriptor?> accept = test.RunAsync(acceptor.AcceptAsync);
                await test.RunAsync(acceptor.Close);
                Assert.IsNull(await accept);
                Assert.IsNull(await test.RunAsync(acceptor.AcceptAsync));
                Assert.ThrowsExactly<SocketException>(() => Connect(endPoint).Dispose());
            }
        );

    [TestMethod]
    [DynamicData(nameof(Here))]
    public Task DescriptorShortage_PausesAndResumes_AndIsLoggedOnce(string backend)
    {
        // The error alone: without any descriptor, the runtime ends the process as soon as a thread of its own starts.
        // DescriptorTests has a real shortage, in a process of its own.
        FaultyCalls calls = new(Ways.All.First(way => way.Backend() == backend));
        return Check(
            backend,
            async (test, acceptor, endPoint, time) =>
            {
                (SocketPipe open, Socket peer) = await test.ConnectAsync();
                Task<Descriptor?> accept = test.RunAsync(acceptor.AcceptAsync);
                using Socket client = await ConnectDuringShortageAsync(test, endPoint, calls);
                Assert.IsTrue(await test.IsQuietAsync(), "accepting is paused");
                peer.SendText("untouched");
                Assert.AreEqual("untouched", await test.RunAsync(open.ReadTextAsync));

                time.Advance(Acceptor.Pause);
                (await accept)!.Dispose();

                // A descriptor became free in between: the same shortage.
                accept = test.RunAsync(acceptor.AcceptAsync);
                using Socket second = await ConnectDuringShortageAsync(test, endPoint, calls);
                time.Advance(Acceptor.Pause);
                (await accept)!.Dispose();
                Assert.AreEqual(1, test.Log.Count(LogLevel.Warning));

                time.Advance(Acceptor.PauseGap);
                accept = test.RunAsync(acceptor.AcceptAsync);
                using Socket third = await ConnectDuringShortageAsync(test, endPoint, calls);
                time.Advance(Acceptor.Pause);
                (await accept)!.Dispose();
                Assert.AreEqual(2, test.Log.Count(LogLevel.Warning));
                await test.RunAsync(open.Close);
            },
            calls
        );
    }

    /// <summary>Connects while accepting fails for want of descriptors, and waits until the acceptor has
    /// paused.</summary>
    private static async Task<Socket> ConnectDuringShortageAsync(TestLoop test, EndPoint endPoint, FaultyCalls calls)
    {
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Anomaly shortage = new(SocketCall.Accept, SocketError.TooManyOpenSockets);
        await test.RunAsync(() => calls.Arm(shortage, number: 1));
        client.Connect(endPoint);
        await test.UntilAsync(() => ((TestTimeProvider)test.Loop.Time).TimersSet > 0);
        return client;
    }

    private static Socket Connect(EndPoint endPoint)
    {
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(endPoint);
        return client;
    }

    private static int Option(Socket socket, SocketOptionName name) =>
        (int)socket.GetSocketOption(SocketOptionLevel.Tcp, name)!;

    private static async Task Check(
        string backend,
        Func<TestLoop, Acceptor, EndPoint, TestTimeProvider, Task> body,
        ISocketCalls? calls = null
    )
    {
        TestTimeProvider time = new();
        await using TestLoop test = new(backend, time, calls);
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        SocketTuning.TuneListener(listener);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(16);
        EndPoint endPoint = listener.LocalEndPoint!;
        Acceptor acceptor = await test.RunAsync(() => new Acceptor(test.Loop, new Descriptor(listener), test.Log));
        await body(test, acceptor, endPoint, time);
        await test.RunAsync(acceptor.Close);
    }
}
