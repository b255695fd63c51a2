using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Faults;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

/// <summary>
/// Regression: without limits on the system's buffers, 1,024 clients that never read took 2.1 GB of kernel memory.
/// </summary>
[TestClass]
public sealed class KernelMemoryTests
{
    // Linux doubles the size that is set.
    private static readonly int Factor = OperatingSystem.IsLinux() ? 2 : 1;

    [TestMethod, BothBackends]
    public void BuffersOfClientsAndUpstream_AreLimited(Way way)
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
