using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class BackendsTests
{
    private static IEnumerable<object[]> Here => BackendNames.Here;

    [TestMethod]
    public void Auto_ChoosesTheSystemsBackend_WithoutAWarning()
    {
        RecordingLogger log = new();
        using IReadiness backend = Backends.Create("auto", log);

        Assert.AreEqual((string)BackendNames.Here.First()[0], backend.Name);
        Assert.IsEmpty(log.Lines);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void EpollEvent_IsPackedOnX64Only() =>
        Assert.AreEqual(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 3 : 4, Epoll.Stride);

    // Other sockets may reuse the descriptors of a disposed backend at once; a late wake-up must not write to them.
    [TestMethod]
    [DynamicData(nameof(Here))]
    public void WakeAfterDispose_TouchesNoOtherSocket(string backend)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        IReadiness disposed = BackendNames.Create(backend);
        disposed.Dispose();
        using Socket near = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        near.Connect(listener.LocalEndPoint!);
        using Socket far = listener.Accept();

        disposed.Wake();

        Assert.AreEqual(0, near.Available + far.Available);
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public void RemovingAClosedSocket_DoesNotThrow(string backend)
    {
        using IReadiness readiness = BackendNames.Create(backend);
        Descriptor socket = new(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        readiness.Add(socket, 1, Interest.Read);
        socket.Dispose();

        readiness.Remove(socket, Interest.Read);
    }

    // Sockets that one wait has no room for must get their turn, even if the first are ready again.
    [TestMethod]
    [DynamicData(nameof(Here))]
    public void MoreReadyThanRoom_AllGetTheirTurn(string backend)
    {
        using IReadiness readiness = BackendNames.Create(backend);
        List<Descriptor> sockets = [];
        for (int key = 0; key < 5; key++)
        {
            sockets.Add(new Descriptor(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)));
            readiness.Add(sockets[key], key, Interest.Write);
        }

        HashSet<long> reported = [];
        Readiness[] ready = new Readiness[2];
        for (int turn = 0; turn < 3; turn++)
        {
            foreach (Readiness entry in ready[..readiness.Wait(ready, timeoutMilliseconds: 0)])
                reported.Add(entry.Key);
        }

        Assert.HasCount(5, reported);
        for (int key = 0; key < 5; key++)
        {
            readiness.Remove(sockets[key], Interest.Write);
            sockets[key].Dispose();
        }
    }
}
