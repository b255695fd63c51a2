using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Proxy.Upstream;
using FastGate.Test.Proxy.Transport;

namespace FastGate.Test.Proxy.Upstream;

/// <summary>Ready connections: opened ahead, used once, checked before use.</summary>
[TestClass]
public sealed class UpstreamPoolTests
{
    [TestMethod]
    public async Task Refill_MakesAsManyAsAreMissing()
    {
        using Listener upstream = new();
        await using TestLoop test = new("auto");
        UpstreamPool pool = await StartAsync(test, upstream.EndPoint);
        Assert.AreEqual(2, await test.RunAsync(() => pool.ReadyConnections));
        SocketPipe? taken = await test.RunAsync(pool.TryTake);
        Assert.IsNotNull(taken);
        await test.UntilAsync(() => pool.ReadyConnections == 2);
        await test.RunAsync(() =>
        {
            taken.Close();
            pool.Close();
        });
    }

    [TestMethod]
    public async Task ConnectionThatEndedMeanwhile_IsNotGiven()
    {
        using Listener upstream = new();
        await using TestLoop test = new("auto");
        UpstreamPool pool = await StartAsync(test, upstream.EndPoint);
        using (Socket first = upstream.Accept())
        using (Socket second = upstream.Accept())
        {
            // Both ready connections end.
        }
        await test.UntilAsync(() => pool.TryTake() is null);
        await test.RunAsync(pool.Close);
    }

    [TestMethod]
    public async Task NoListener_IsLoggedOnce()
    {
        IPEndPoint unused;
        using (Listener gone = new())
            unused = gone.EndPoint;
        await using TestLoop test = new("auto");
        UpstreamPool pool = new(test.Loop, new UpstreamOptions { EndPoint = unused, ReadyConnections = 2 }, test.Log);
        for (int i = 0; i < 3; i++)
        {
            ConnectResult result = await test.RunAsync(pool.ConnectAsync);
            Assert.AreEqual(SocketError.ConnectionRefused, result.Error);
        }
        Assert.AreEqual(
            1,
            test.Log.Lines.Count(line => line.Text.Contains("Ollama does not answer", StringComparison.Ordinal))
        );
    }

    /// <summary>Regression: a connect that failed immediately was retried endlessly within one call.</summary>
    [TestMethod]
    [DoNotParallelize]
    [OSCondition(OperatingSystems.Linux)]
    public async Task ConnectsThatFailAtOnce_DoNotKeepTheLoop()
    {
        using Listener upstream = new();
        await using TestLoop test = new("auto");
        UpstreamPool pool = new(
            test.Loop,
            new UpstreamOptions { EndPoint = upstream.EndPoint, ReadyConnections = 2 },
            test.Log
        );
        using (DescriptorLimit.None())
            await test.RunAsync(pool.Refill);
        Assert.AreEqual(0, await test.RunAsync(() => pool.ReadyConnections));
        await test.RunAsync(pool.Refill);
        await test.UntilAsync(() => pool.ReadyConnections == 2);
        await test.RunAsync(pool.Close);
    }

    private static async Task<UpstreamPool> StartAsync(TestLoop test, IPEndPoint upstream)
    {
        UpstreamPool pool = new(test.Loop, new UpstreamOptions { EndPoint = upstream, ReadyConnections = 2 }, test.Log);
        await test.RunAsync(pool.Refill);
        await test.UntilAsync(() => pool.ReadyConnections == 2);
        return pool;
    }

    /// <summary>A listener that accepts connections and keeps them until disposed.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public Listener()
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _socket.Listen();
            EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        }

        public IPEndPoint EndPoint { get; }

        public Socket Accept() => _socket.Accept();

        public void Dispose() => _socket.Dispose();
    }
}
