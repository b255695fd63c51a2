using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Proxy.Transport;

/// <summary>On macOS the portable backend waits with select(2), which is unsafe from descriptor 1024 on. These tests
/// use lower limits.</summary>
[TestClass]
public sealed class PortableLimitTests
{
    [TestMethod]
    public void DescriptorAtTheLimit_IsRefused_AndOneBelowIsAccepted()
    {
        using Descriptor socket = new(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        using PortableReadiness wide = new(socket.Number + 1);
        wide.Add(socket, 1, Interest.Write);
        wide.Remove(socket, Interest.Write);
        using PortableReadiness narrow = new(socket.Number);

        IOException exception = Assert.ThrowsExactly<IOException>(() => narrow.Add(socket, 1, Interest.Write));
        Assert.Contains($"descriptor {socket.Number}", exception.Message);
    }

    [TestMethod]
    public void Limit_IsThatOfSelect_WhereNetUsesIt()
    {
        RecordingLogger log = new();
        using IReadiness backend = Backends.Create("portable", log);
        Assert.AreEqual(OperatingSystem.IsMacOS() ? 1024 : int.MaxValue, ((PortableReadiness)backend).DescriptorsMax);
        Assert.AreEqual(OperatingSystem.IsMacOS() ? 1 : 0, log.Count(LogLevel.Warning));
    }

    [TestMethod]
    public void OpenAtTheLimit_IsAShortage()
    {
        Assert.IsNull(new SocketCalls(3).Open(new IPEndPoint(IPAddress.Loopback, 1), out SocketError error));
        Assert.AreEqual(SocketError.TooManyOpenSockets, error);
    }

    [TestMethod]
    public void ConnectionWithoutADescriptor_StaysInTheBacklog()
    {
        ListenResult bound = ListenSocket.TryBind(new IPEndPoint(IPAddress.Loopback, 0));
        using Descriptor listener = new(bound.Socket!);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(bound.EndPoint);

        Assert.IsNull(new SocketCalls(3).Accept(listener, out SocketError error));
        Assert.AreEqual(SocketError.TooManyOpenSockets, error);
        using Descriptor? accepted = new SocketCalls().Accept(listener, out _);
        Assert.AreEqual(client.LocalEndPoint, accepted!.AsSocket().RemoteEndPoint);
    }
}
