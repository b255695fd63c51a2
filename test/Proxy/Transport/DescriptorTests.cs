using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class DescriptorTests
{
    // The system reuses the lowest free descriptor: a late call must not reach the new socket.
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void CallsAfterTheClose_ReachNoOtherSocket()
    {
        LinuxCalls calls = new();
        IPEndPoint nowhere = new(IPAddress.Loopback, 1);
        Descriptor closed = calls.Open(nowhere, out _)!;
        int number = closed.Number;
        closed.Dispose();
        using Descriptor next = calls.Open(nowhere, out _)!;
        Assert.AreEqual(number, next.Number, "the descriptor must be reused for this test to prove anything");

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
    public void AcceptedConnection_HasItsPeer(string listening, string expected)
    {
        using Socket listener = new(IPAddress.Parse(listening).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(listening), 0));
        listener.Listen(1);
        using Socket client = new(listener.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);

        using Descriptor owner = new(listener);
        using Descriptor? accepted = new LinuxCalls().Accept(owner, out SocketError error);

        Assert.AreEqual(SocketError.Success, error);
        Assert.AreEqual(IPAddress.Parse(expected), accepted!.Peer);
    }

    // A dual-mode listener reports IPv4 peers as mapped IPv6 addresses; "from" ranges are written in IPv4.
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void MappedPeer_IsReportedAsIPv4()
    {
        using Socket listener = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)
        {
            DualMode = true,
        };
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        listener.Listen(1);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint!).Port);

        using Descriptor owner = new(listener);
        using Descriptor? accepted = new LinuxCalls().Accept(owner, out _);

        Assert.AreEqual(IPAddress.Loopback, accepted!.Peer);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void EmptyBacklog_IsWouldBlock()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            Blocking = false,
        };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using Descriptor owner = new(listener);

        Assert.IsNull(new LinuxCalls().Accept(owner, out SocketError error));
        Assert.AreEqual(SocketError.WouldBlock, error);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void PortWithoutListener_IsRefusedAtOnce()
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
    public void KeepAlive_IsForRemotePeersOnly(string address, bool expected)
    {
        using Descriptor socket = new LinuxCalls().Open(new IPEndPoint(IPAddress.Parse(address), 9), out _)!;
        Socket options = socket.AsSocket();

        Assert.AreEqual(
            expected,
            (int)options.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! != 0
        );
        if (!expected)
            return;
        Assert.AreEqual(
            SocketTuning.KeepAliveSeconds,
            (int)options.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!
        );
        Assert.AreEqual(
            SocketTuning.KeepAliveIntervalSeconds,
            (int)options.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval)!
        );
        Assert.AreEqual(
            SocketTuning.KeepAliveProbes,
            (int)options.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount)!
        );
    }
}
