using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Faults;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

/// <summary>
/// Regression: without a listener, a socket whose port the system chose can connect to itself. Such a ready connection
/// held the port on which Ollama wanted to listen.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class OwnPeerTests
{
    [TestMethod, BothBackends]
    public async Task ConnectionToItself_IsRefused_AndFreesThePort(Way way)
    {
        foreach (IPAddress address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            IPEndPoint unused = new(address, Ports.Free());
            OwnPortCalls calls = new(RealCalls.Of(way), unused);
            await using TestLoop test = new(way.Backend(), calls: calls);
            ConnectResult result = await test.RunAsync(() => Connector.ConnectAsync(test.Loop, unused, TestLoop.Limit));
            Assert.IsTrue(calls.IsConnected, "The system connected the socket to itself.");
            Assert.IsNull(result.Pipe);
            Assert.AreEqual(SocketError.ConnectionRefused, result.Error);
            // The port is free without the reuse of TIME_WAIT ports that .NET enables.
            using Socket ollama = new(unused.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            ollama.Bind(unused);
            ollama.Listen();
        }
    }

    [TestMethod, BothBackends]
    public async Task ConnectionToAnotherSocket_IsAccepted(Way way)
    {
        using Socket listener = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        listener.Listen();
        await using TestLoop test = new(way.Backend());
        ConnectResult result = await test.RunAsync(() =>
            Connector.ConnectAsync(test.Loop, (IPEndPoint)listener.LocalEndPoint!, TestLoop.Limit)
        );
        Assert.IsNotNull(result.Pipe);
        await test.RunAsync(result.Pipe.Close);
    }

    /// <summary>The real calls, except that a new socket is bound to the port that it will connect to, as the system
    /// may choose.</summary>
    private sealed class OwnPortCalls(ISocketCalls real, IPEndPoint port) : ISocketCalls
    {
        public bool IsConnected { get; private set; }

        public Descriptor? Accept(Descriptor listener, out SocketError error) => real.Accept(listener, out error);

        public Descriptor? Open(IPEndPoint endPoint, out SocketError error)
        {
            Descriptor? socket = real.Open(endPoint, out error);
            socket?.AsSocket().Bind(port);
            return socket;
        }

        public SocketError Connect(Descriptor socket, IPEndPoint endPoint) => real.Connect(socket, endPoint);

        public bool IsOwnPeer(Descriptor socket, IPEndPoint endPoint) => IsConnected = real.IsOwnPeer(socket, endPoint);

        public int Receive(Descriptor socket, Span<byte> into, out SocketError error) =>
            real.Receive(socket, into, out error);

        public int Send(Descriptor socket, ReadOnlySpan<byte> from, out SocketError error) =>
            real.Send(socket, from, out error);

        public void ShutdownSend(Descriptor socket) => real.ShutdownSend(socket);

        public void ResetOnClose(Descriptor socket) => real.ResetOnClose(socket);

        public SocketError ErrorOf(Descriptor socket) => real.ErrorOf(socket);
    }
}
