using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

/// <summary>macOS's socket calls, on a Mac and on Linux by the emulation, which uses macOS's constants and
/// layouts.</summary>
[TestClass]
public sealed class MacCallsTests
{
    private readonly MacCalls _calls = new();

    [TestInitialize]
    public void Need() => Emulation.Need();

    [TestMethod]
    [DataRow("127.0.0.1")]
    [DataRow("::1")]
    public async Task Connection_ConnectsAndTransfers(string address)
    {
        using Descriptor listener = Listen(address);
        using Descriptor near = await ConnectAsync(listener);
        using Descriptor far = await AcceptAsync(listener);

        Assert.AreEqual(IPAddress.Parse(address), far.Peer);
        Assert.IsTrue(MacCalls.IsTuned(near) && MacCalls.IsTuned(far), "both are non-blocking and close-on-exec");
        Assert.AreEqual(SocketError.Success, _calls.ErrorOf(near));
        Assert.AreEqual(0, _calls.Receive(far, new byte[4], out SocketError none));
        Assert.AreEqual(SocketError.WouldBlock, none);
        Assert.AreEqual(3, _calls.Send(near, "abc"u8, out _));
        byte[] bytes = new byte[4];
        await Until.HoldsAsync(() => _calls.Receive(far, bytes, out _) == 3, "the bytes arrive");
        CollectionAssert.AreEqual("abc\0"u8.ToArray(), bytes);
        _calls.ShutdownSend(near);
        await Until.HoldsAsync(
            () => _calls.Receive(far, bytes, out SocketError end) == 0 && end == SocketError.Success,
            "a FIN arrives"
        );
    }

    [TestMethod]
    public async Task AcceptedConnection_HasItsOptions()
    {
        using Descriptor listener = Listen("127.0.0.1");
        using Descriptor near = await ConnectAsync(listener);
        using Descriptor far = await AcceptAsync(listener);

        Socket socket = far.AsSocket();
        Assert.IsTrue(socket.NoDelay);
        Assert.AreNotEqual(0, (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!);
        Assert.AreEqual(SocketTuning.KeepAliveSeconds, Option(socket, SocketOptionName.TcpKeepAliveTime));
        Assert.AreEqual(SocketTuning.KeepAliveIntervalSeconds, Option(socket, SocketOptionName.TcpKeepAliveInterval));
        Assert.AreEqual(SocketTuning.KeepAliveProbes, Option(socket, SocketOptionName.TcpKeepAliveRetryCount));
        Assert.AreEqual(
            0,
            Option(near.AsSocket(), SocketOptionName.KeepAlive, SocketOptionLevel.Socket),
            "none on loopback"
        );
    }

    [TestMethod]
    public async Task MappedPeer_IsReadAsIPv4()
    {
        using Socket both = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)
        {
            DualMode = true,
            Blocking = false,
        };
        both.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        both.Listen(4);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, ((IPEndPoint)both.LocalEndPoint!).Port);
        using Descriptor far = await AcceptAsync(new Descriptor(both));

        Assert.AreEqual(IPAddress.Loopback, far.Peer);
    }

    /// <summary>Regression: xnu has no address for such a peer; .NET threw, and the listener paused for 250 ms each
    /// time.</summary>
    [TestMethod]
    public async Task PeerThatReset_IsAnAbortedConnection_AndTheNextIsAccepted()
    {
        using Descriptor listener = Listen("::1");
        for (int i = 0; i < 3; i++)
            Reset(listener);
        using Descriptor good = await ConnectAsync(listener);

        int aborted = 0;
        Descriptor? accepted = null;
        await Until.HoldsAsync(
            () =>
            {
                accepted = _calls.Accept(listener, out SocketError error);
                if (error == SocketError.ConnectionAborted)
                    aborted++;
                return accepted is not null;
            },
            "the open connection is accepted"
        );
        accepted!.Dispose();
        Assert.AreEqual(3, aborted);
        Assert.IsNull(_calls.Accept(listener, out SocketError none));
        Assert.AreEqual(SocketError.WouldBlock, none);
    }

    /// <summary>xnu takes a connection from the backlog before it allocates a descriptor, and drops it if there is
    /// none.</summary>
    [TestMethod]
    [DoNotParallelize]
    [OSCondition(OperatingSystems.Linux, IgnoreMessage = "The limit is set with Linux's constants.")]
    public async Task NoDescriptorLeft_LeavesTheConnectionInTheBacklog()
    {
        using Descriptor listener = Listen("127.0.0.1");
        using Descriptor near = await ConnectAsync(listener);
        Descriptor? none;
        SocketError error;
        using (DescriptorLimit.None())
            none = _calls.Accept(listener, out error);
        Assert.IsNull(none);
        Assert.AreEqual(SocketError.TooManyOpenSockets, error);

        using Descriptor far = await AcceptAsync(listener);
        Assert.AreEqual(1, _calls.Send(near, "a"u8, out _));
        await Until.HoldsAsync(
            () => _calls.Receive(far, new byte[1], out _) == 1,
            "the connection that waited is accepted"
        );
    }

    [TestMethod]
    public async Task PortWithoutListener_IsRefused()
    {
        IPEndPoint silent;
        using (Descriptor listener = Listen("127.0.0.1"))
            silent = (IPEndPoint)listener.Socket!.LocalEndPoint!;
        using Descriptor socket = _calls.Open(silent, out _)!;

        SocketError error = _calls.Connect(socket, silent);
        if (error == SocketError.WouldBlock)
            await Until.HoldsAsync(
                () => (error = _calls.ErrorOf(socket)) != SocketError.Success,
                "the connect has finished"
            );
        Assert.AreEqual(SocketError.ConnectionRefused, error);
    }

    [TestMethod]
    public async Task ResetOnClose_SendsAReset()
    {
        using Descriptor listener = Listen("127.0.0.1");
        Descriptor near = await ConnectAsync(listener);
        using Descriptor far = await AcceptAsync(listener);

        _calls.ResetOnClose(near);
        near.Dispose();
        SocketError end = default;
        await Until.HoldsAsync(
            () => _calls.Receive(far, new byte[1], out end) == 0 && end != SocketError.WouldBlock,
            "the end arrives"
        );
        Assert.AreEqual(SocketError.ConnectionReset, end);
        Assert.AreEqual(0, _calls.Send(far, "a"u8, out SocketError dead));
        Assert.AreEqual(SocketError.Shutdown, dead, "EPIPE, and no signal");
    }

    // The system reuses the lowest free descriptor: a late call must not reach the new socket.
    [TestMethod]
    public void CallsAfterTheClose_Fail()
    {
        IPEndPoint nowhere = new(IPAddress.Loopback, 1);
        Descriptor closed = _calls.Open(nowhere, out _)!;
        closed.Dispose();

        Assert.AreEqual(SocketError.SocketError, _calls.Connect(closed, nowhere));
        Assert.AreEqual(SocketError.SocketError, _calls.ErrorOf(closed));
        _calls.ShutdownSend(closed);
        _calls.ResetOnClose(closed);
        Assert.AreEqual(0, _calls.Send(closed, "a"u8, out SocketError error));
        Assert.AreEqual(SocketError.SocketError, error);
    }

    private static Descriptor Listen(string address)
    {
        ListenResult bound = ListenSocket.TryBind(new IPEndPoint(IPAddress.Parse(address), 0));
        Assert.AreEqual(SocketError.Success, bound.Error);
        return new Descriptor(bound.Socket!);
    }

    private static void Reset(Descriptor listener)
    {
        EndPoint endPoint = listener.Socket!.LocalEndPoint!;
        using Socket client = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(endPoint);
        client.LingerState = new LingerOption(true, 0);
    }

    private async Task<Descriptor> ConnectAsync(Descriptor listener)
    {
        IPEndPoint endPoint = (IPEndPoint)listener.Socket!.LocalEndPoint!;
        Descriptor near = _calls.Open(endPoint, out SocketError opened)!;
        Assert.AreEqual(SocketError.Success, opened);
        SocketError error = _calls.Connect(near, endPoint);
        // On a Mac a connect never completes at once; a repeated call reports when it has.
        await Until.HoldsAsync(
            () => error == SocketError.Success || (error = _calls.Connect(near, endPoint)) == SocketError.Success,
            "connected"
        );
        return near;
    }

    private async Task<Descriptor> AcceptAsync(Descriptor listener)
    {
        Descriptor? far = null;
        await Until.HoldsAsync(() => (far = _calls.Accept(listener, out _)) is not null, "accepted");
        return far!;
    }

    private static int Option(Socket socket, SocketOptionName name, SocketOptionLevel level = SocketOptionLevel.Tcp) =>
        (int)socket.GetSocketOption(level, name)!;
}
