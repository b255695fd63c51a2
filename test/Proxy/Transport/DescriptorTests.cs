using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class DescriptorTests
{
    // The system gives the lowest free number to the next who asks: a late call must not reach that one.
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void CallsAfterTheClose_ReachNobodyElsesSocket()
    {
        LinuxCalls calls = new();
        IPEndPoint nowhere = new(IPAddress.Loopback, 1);
        Descriptor closed = calls.Open(nowhere, out _)!;
        int number = closed.Number;
        closed.Dispose();
        using Descriptor next = calls.Open(nowhere, out _)!;
        Assert.AreEqual(number, next.Number, "the number is taken anew, or this test shows nothing");

        Assert.AreEqual(SocketError.SocketError, calls.Connect(closed, nowhere));
        calls.ShutdownSend(closed);
        calls.ResetOnClose(closed);
        closed.Dispose();

        Assert.IsTrue(closed.IsClosed);
        Assert.IsTrue(next.AsSocket().NoDelay);
        Assert.IsFalse(next.AsSocket().LingerState!.Enabled);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("127.0.0.1", "127.0.0.1")]
    [DataRow("::1", "::1")]
    public void AcceptedConnection_KnowsItsPeer(string listening, string expected)
    {
        using Socket listener = new(IPAddress.Parse(listening).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(listening), 0));
        listener.Listen(1);
        using Socket client = new(listener.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);

        using Descriptor door = new(listener);
        using Descriptor? accepted = new LinuxCalls().Accept(door, out SocketError error);

        Assert.AreEqual(SocketError.Success, error);
        Assert.AreEqual(IPAddress.Parse(expected), accepted!.Peer);
    }

    // A listener for both families tells of IPv4 peers in IPv6's words; "from" ranges are written in IPv4's.
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void MappedPeer_IsToldAsIPv4()
    {
        using Socket listener = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)
        {
            DualMode = true,
        };
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        listener.Listen(1);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint!).Port);

        using Descriptor door = new(listener);
        using Descriptor? accepted = new LinuxCalls().Accept(door, out _);

        Assert.AreEqual(IPAddress.Loopback, accepted!.Peer);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void ListenerWithNobodyWaiting_IsToldAsSuch()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            Blocking = false,
        };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using Descriptor door = new(listener);

        Assert.IsNull(new LinuxCalls().Accept(door, out SocketError error));
        Assert.AreEqual(SocketError.WouldBlock, error);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void PortWhereNobodyListens_IsRefusedAtOnce()
    {
        using Socket port = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        LinuxCalls calls = new();
        IPEndPoint silent = (IPEndPoint)port.LocalEndPoint!;
        using Descriptor socket = calls.Open(silent, out _)!;

        Assert.AreEqual(SocketError.ConnectionRefused, calls.Connect(socket, silent));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("192.0.2.1", true)]
    [DataRow("127.0.0.1", false)]
    public void KeepAlive_IsForPeersThatCanGoAway(string address, bool expected)
    {
        using Descriptor socket = new LinuxCalls().Open(new IPEndPoint(IPAddress.Parse(address), 9), out _)!;
        Socket look = socket.AsSocket();

        Assert.AreEqual(
            expected,
            (int)look.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! != 0
        );
        if (!expected)
            return;
        Assert.AreEqual(
            SocketTuning.KeepAliveSeconds,
            (int)look.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!
        );
        Assert.AreEqual(
            SocketTuning.KeepAliveIntervalSeconds,
            (int)look.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval)!
        );
        Assert.AreEqual(
            SocketTuning.KeepAliveProbes,
            (int)look.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount)!
        );
    }
}
