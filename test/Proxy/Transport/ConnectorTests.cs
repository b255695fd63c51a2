using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class ConnectorTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static IEnumerable<object[]> Here => BackendNames.Here;

    // .NET's calls report a connect in progress by an exception.
    private static IEnumerable<object[]> WithOwnCalls => BackendNames.Here.Where(name => (string)name[0] != "portable");

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task ListeningPeer_IsConnected(string backend)
    {
        using Socket listener = Listen(backlog: 4);
        await using TestLoop test = new(backend);

        ConnectResult result = await ConnectAsync(test, listener.LocalEndPoint!);
        using Socket peer = listener.Accept();

        Assert.AreEqual(SocketError.Success, result.Error);
        Assert.IsNotNull(result.Pipe);
        peer.SendText("hello");
        Assert.AreEqual("hello", await test.RunAsync(result.Pipe.ReadTextAsync));
        await test.RunAsync(result.Pipe.Close);
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task ClosedPort_IsRefused(string backend)
    {
        await using TestLoop test = new(backend);

        ConnectResult result = await ConnectAsync(test, Ports.FreeEndPoint());

        Assert.AreEqual(SocketError.ConnectionRefused, result.Error);
        Assert.AreEqual("connection refused", result.Reason);
        Assert.IsNull(result.Pipe);
        Assert.IsTrue(await test.IsQuietAsync());
    }

    // A full backlog drops the next client's SYN, so its connect is neither accepted nor refused.
    [TestMethod]
    [DynamicData(nameof(Here))]
    [OSCondition(OperatingSystems.Linux)]
    public async Task SilentPeer_TimesOut(string backend)
    {
        using Socket listener = Listen(backlog: 0);
        using Socket first = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        first.Connect(listener.LocalEndPoint!);
        TestTimeProvider time = new();
        await using TestLoop test = new(backend, time);

        Task<ConnectResult> connect = ConnectAsync(test, listener.LocalEndPoint!);
        await test.UntilAsync(() => time.TimersSet > 0);
        time.Advance(Second);

        ConnectResult result = await connect;
        Assert.AreEqual(SocketError.TimedOut, result.Error);
        Assert.AreEqual("no response", result.Reason);
    }

    /// <summary>Regression: each connect raised an exception on the loop's thread.</summary>
    [TestMethod]
    [DynamicData(nameof(WithOwnCalls))]
    public async Task ConnectInProgress_RaisesNoException(string backend)
    {
        using Socket listener = Listen(backlog: 4);
        await using TestLoop test = new(backend);
        int exceptions = 0;
        void Count(object? sender, FirstChanceExceptionEventArgs arguments)
        {
            if (test.Loop.IsCurrent)
                exceptions++;
        }
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            for (int i = 0; i < 10; i++)
                await ConnectAndCloseAsync(test, listener);
            Assert.IsNull((await ConnectAsync(test, Ports.FreeEndPoint())).Pipe);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }
        Assert.AreEqual(0, exceptions);
    }

    [TestMethod]
    [DoNotParallelize]
    [OSCondition(OperatingSystems.Linux)]
    [DynamicData(nameof(Here))]
    public async Task ManyConnections_LeakNoDescriptor(string backend)
    {
        using Socket listener = Listen(backlog: 4);
        await using TestLoop test = new(backend);
        await ConnectAndCloseAsync(test, listener);
        int before = OpenDescriptors();

        for (int i = 0; i < 200; i++)
            await ConnectAndCloseAsync(test, listener);

        // The runtime may open one or two meanwhile.
        Assert.IsLessThan(before + 20, OpenDescriptors());
    }

    private static async Task ConnectAndCloseAsync(TestLoop test, Socket listener)
    {
        ConnectResult result = await ConnectAsync(test, listener.LocalEndPoint!);
        using Socket peer = listener.Accept();
        await test.RunAsync(result.Pipe!.Abort);
    }

    private static int OpenDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static Task<ConnectResult> ConnectAsync(TestLoop test, EndPoint endPoint) =>
        test.RunAsync(() => Connector.ConnectAsync(test.Loop, (IPEndPoint)endPoint, Second));

    private static Socket Listen(int backlog)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(backlog);
        return listener;
    }
}
