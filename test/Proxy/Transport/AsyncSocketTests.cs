using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

/// <summary>Readiness on .NET's asynchronous sockets, where a pending operation may take what a call should
/// see.</summary>
[TestClass]
public sealed class AsyncSocketTests
{
    // The threads that complete operations run at any point between two calls.
    private const int Rounds = 200;

    [TestMethod]
    public void ResetTakenByAPendingReceive_IsNotAFin()
    {
        for (int round = 0; round < Rounds; round++)
        {
            using Scene scene = new();
            scene.Backend.Add(scene.Near, 1, Interest.Read);
            Assert.AreEqual(0, scene.Wait(0));
            scene.Far.Reset();
            Assert.AreEqual(SocketError.ConnectionReset, scene.ReceiveEnd());
            Assert.AreEqual(SocketError.ConnectionReset, scene.ReceiveEnd(), "it stays lost");
        }
    }

    [TestMethod]
    public void ResetDuringAStalledSend_IsNotAFin()
    {
        for (int round = 0; round < Rounds; round++)
        {
            using Scene scene = new();
            scene.Backend.Add(scene.Near, 1, Interest.Read | Interest.Write);
            scene.Fill(new byte[64 * 1024]);
            Assert.AreEqual(0, scene.Wait(0), "a writer that waits is not reported");
            scene.Far.Reset();
            Assert.AreNotEqual(SocketError.Success, scene.ReceiveEnd());
        }
    }

    [TestMethod]
    public void FinDuringAStalledSend_IsAFin()
    {
        using Scene scene = new();
        scene.Backend.Add(scene.Near, 1, Interest.Read | Interest.Write);
        scene.Fill(new byte[64 * 1024]);
        scene.Far.Shutdown(SocketShutdown.Send);
        Assert.AreEqual(SocketError.Success, scene.ReceiveEnd());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void CloseDuringAReceive_IsWhatTheCallerChose(bool reset)
    {
        using Scene scene = new();
        scene.Backend.Add(scene.Near, 1, Interest.Read);
        Assert.AreEqual(0, scene.Wait(0));
        scene.Backend.Remove(scene.Near, Interest.Read);
        if (reset)
            scene.Calls.ResetOnClose(scene.Near);
        scene.Near.Dispose();

        scene.Far.Receive(new byte[1], SocketFlags.None, out SocketError error);
        Assert.AreEqual(reset ? SocketError.ConnectionReset : SocketError.Success, error);
    }

    /// <summary>What would block is partly on its way already: it must arrive once, however the rest is sent.</summary>
    [TestMethod]
    public async Task StalledSends_ArriveOnceAndInOrder()
    {
        using Scene scene = new();
        byte[] bytes = new byte[4 << 20];
        new Random(14).NextBytes(bytes);
        scene.Backend.Add(scene.Near, 1, Interest.Write);
        Task<byte[]> read = Task.Run(() => ReadAll(scene.Far));

        int stalls = 0;
        for (int sent = 0; sent < bytes.Length; )
        {
            // A shorter call than the one that would have blocked.
            int length = Math.Min(bytes.Length - sent, stalls % 3 == 1 ? 1 : 100_000);
            sent += scene.Calls.Send(scene.Near, bytes.AsSpan(sent, length), out SocketError error);
            if (error != SocketError.WouldBlock)
                continue;
            stalls++;
            scene.WaitFor(Interest.Write);
        }
        scene.Calls.ShutdownSend(scene.Near);

        CollectionAssert.AreEqual(bytes, await read);
        Assert.IsGreaterThan(3, stalls);
    }

    [TestMethod]
    public void FailedConnect_IsAnError()
    {
        using PortableReadiness backend = new();
        IPEndPoint nobody;
        using (Socket bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            nobody = (IPEndPoint)bound.LocalEndPoint!;
        }
        using Descriptor socket = backend.Calls.Open(nobody, out _)!;
        SocketError error = backend.Calls.Connect(socket, nobody);
        if (error == SocketError.WouldBlock)
        {
            backend.Add(socket, 1, Interest.Write);
            Assert.AreEqual(1, backend.Wait(new Readiness[4], (int)TestLoop.Limit.TotalMilliseconds));
            error = backend.Calls.ErrorOf(socket);
            backend.Remove(socket, Interest.Write);
        }
        Assert.AreEqual(SocketError.ConnectionRefused, error);
    }

    /// <summary>On macOS listening sockets are waited for with select(2), which is unsafe from descriptor 1024
    /// on.</summary>
    [TestMethod]
    public void ListenerAtTheLimit_IsRefused_AndAConnectionIsNot()
    {
        using Scene scene = new();
        ListenResult bound = ListenSocket.TryBind(new IPEndPoint(IPAddress.Loopback, 0));
        using Descriptor listener = new(bound.Socket!);
        using PortableReadiness narrow = new(Math.Min(listener.Number, scene.Near.Number));

        IOException exception = Assert.ThrowsExactly<IOException>(() => narrow.Add(listener, 1, Interest.Read));
        Assert.Contains($"descriptor {listener.Number}", exception.Message);
        narrow.Add(scene.Near, 2, Interest.Write);
        Assert.AreEqual(1, narrow.Wait(new Readiness[4], 0));
        narrow.Remove(scene.Near, Interest.Write);
    }

    private static byte[] ReadAll(Socket socket)
    {
        using MemoryStream all = new();
        byte[] part = new byte[50_000];
        for (int count; (count = socket.Receive(part)) > 0; )
            all.Write(part.AsSpan(0, count));
        return all.ToArray();
    }

    /// <summary>A backend and a connection with small buffers, without a loop.</summary>
    private sealed class Scene : IDisposable
    {
        private readonly Readiness[] _ready = new Readiness[4];

        public Scene()
        {
            using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.ReceiveBufferSize = 8192;
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(1);
            Socket near = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                SendBufferSize = 8192,
            };
            near.Connect(listener.LocalEndPoint!);
            SocketTuning.TuneConnection(near);
            Far = listener.Accept();
            Far.ReceiveTimeout = (int)TestLoop.Limit.TotalMilliseconds;
            Near = new Descriptor(near);
        }

        public PortableReadiness Backend { get; } = new();

        public ISocketCalls Calls => Backend.Calls;

        public Descriptor Near { get; }

        public Socket Far { get; }

        public int Wait(int milliseconds) => Backend.Wait(_ready, milliseconds);

        public void WaitFor(Interest interest)
        {
            long began = Stopwatch.GetTimestamp();
            while (Wait((int)TestLoop.Limit.TotalMilliseconds) == 0 || (_ready[0].Ready & interest) == 0)
                Assert.IsLessThan(TestLoop.Limit, Stopwatch.GetElapsedTime(began));
        }

        /// <summary>Sends until a send would block, and leaves it at that.</summary>
        public void Fill(ReadOnlySpan<byte> bytes)
        {
            SocketError error = SocketError.Success;
            while (error == SocketError.Success)
                Calls.Send(Near, bytes, out error);
            Assert.AreEqual(SocketError.WouldBlock, error);
        }

        /// <summary>Receives at every moment, not only when readable, until there is an end.</summary>
        public SocketError ReceiveEnd()
        {
            long began = Stopwatch.GetTimestamp();
            byte[] into = new byte[1];
            while (true)
            {
                Assert.AreEqual(0, Calls.Receive(Near, into, out SocketError error));
                if (error != SocketError.WouldBlock)
                    return error;
                Assert.IsLessThan(TestLoop.Limit, Stopwatch.GetElapsedTime(began));
            }
        }

        public void Dispose()
        {
            Near.Dispose();
            Far.Dispose();
            Backend.Dispose();
        }
    }
}
