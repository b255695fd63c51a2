using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Faults;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

/// <summary>
/// Without a listener, a socket whose port the system chose can connect to itself. Kept ready, such a connection held
/// the port that Ollama wanted to listen on.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class OwnPeerTests
{
    [TestMethod, BothBackends]
    public async Task ConnectionToItself_IsRefused_AndLeavesThePort(Way way)
    {
        foreach (IPAddress address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            IPEndPoint nobody = new(address, Ports.Free());
            OwnPortCalls calls = new(RealCalls.Of(way), nobody);
            await using TestLoop test = new(way.Backend(), calls: calls);
            ConnectResult result = await test.RunAsync(() => Connector.ConnectAsync(test.Loop, nobody, TestLoop.Limit));
            Assert.IsTrue(calls.IsConnected, "The system has connected it.");
            Assert.IsNull(result.Pipe);
            Assert.AreEqual(SocketError.ConnectionRefused, result.Error);
            // What .NET does on its own, reusing a port in TIME_WAIT, is not needed.
            using Socket ollama = new(nobody.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            ollama.Bind(nobody);
            ollama.Listen();
        }
    }

    [TestMethod, BothBackends]
    public async Task ConnectionToSomebodyElse_IsTaken(Way way)
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

    /// <summary>The real calls, but a new socket has the port that it is to be connected to, as the system may choose
    /// it.</summary>
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
