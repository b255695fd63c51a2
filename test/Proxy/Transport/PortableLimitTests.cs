using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Proxy.Transport;

/// <summary>On macOS the portable backend waits with select(2), which is unsafe from descriptor 1024 on. The limit is
/// made up here.</summary>
[TestClass]
public sealed class PortableLimitTests
{
    [TestMethod]
    public void Descriptor_AtTheLimitIsRefused_AndOneBelowIsTaken()
    {
        using Descriptor socket = new(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        using PortableReadiness wide = new(socket.Number + 1);
        wide.Add(socket, 1, Interest.Write);
        wide.Remove(socket, Interest.Write);
        using PortableReadiness narrow = new(socket.Number);

        IOException refusal = Assert.ThrowsExactly<IOException>(() => narrow.Add(socket, 1, Interest.Write));
        Assert.Contains($"descriptor {socket.Number}", refusal.Message);
    }

    [TestMethod]
    public void Limit_IsThatOfSelectWhereNetUsesIt()
    {
        RecordingLogger log = new();
        using IReadiness backend = Backends.Create("portable", log);
        Assert.AreEqual(OperatingSystem.IsMacOS() ? 1024 : int.MaxValue, ((PortableReadiness)backend).DescriptorsMax);
        Assert.AreEqual(OperatingSystem.IsMacOS() ? 1 : 0, log.Count(LogLevel.Warning));
    }

    [TestMethod]
    public void Open_AtTheLimitIsAShortage()
    {
        Assert.IsNull(new SocketCalls(3).Open(new IPEndPoint(IPAddress.Loopback, 1), out SocketError error));
        Assert.AreEqual(SocketError.TooManyOpenSockets, error);
    }

    [TestMethod]
    public void ConnectionForWhichThereIsNoRoom_StaysInTheBacklog()
    {
        ListenResult bound = ListenSocket.TryBind(new IPEndPoint(IPAddress.Loopback, 0));
        using Descriptor door = new(bound.Socket!);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(bound.EndPoint);

        Assert.IsNull(new SocketCalls(3).Accept(door, out SocketError error));
        Assert.AreEqual(SocketError.TooManyOpenSockets, error);
        using Descriptor? accepted = new SocketCalls().Accept(door, out _);
        Assert.AreEqual(client.LocalEndPoint, accepted!.AsSocket().RemoteEndPoint);
    }
}
