using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Faults;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

/// <summary>
/// What the system keeps of a response that nobody takes was as much as it likes: 1 024 clients that never read cost
/// 2.1 GB.
/// </summary>
[TestClass]
public sealed class KernelMemoryTests
{
    // Linux doubles what it is told.
    private static readonly int Factor = OperatingSystem.IsLinux() ? 2 : 1;

    [TestMethod, BothBackends]
    public void SendBufferOfClients_AndBothOfTheUpstream_HaveALimit(Way way)
    {
        ISocketCalls calls = RealCalls.Of(way);
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        SocketTuning.TuneListener(listener);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        listener.Blocking = false;
        IPEndPoint endPoint = (IPEndPoint)listener.LocalEndPoint!;
        using Descriptor upstream = calls.Open(endPoint, out _)!;
        _ = calls.Connect(upstream, endPoint);
        Assert.IsTrue(listener.Poll(TestLoop.Limit, SelectMode.SelectRead));
        using Descriptor client = calls.Accept(new Descriptor(listener), out _)!;
        Assert.AreEqual(Factor * SocketTuning.SendBufferBytes, client.AsSocket().SendBufferSize);
        Assert.AreEqual(Factor * SocketTuning.SendBufferBytes, upstream.AsSocket().SendBufferSize);
        Assert.AreEqual(Factor * SocketTuning.ReceiveBufferBytes, upstream.AsSocket().ReceiveBufferSize);
    }
}
