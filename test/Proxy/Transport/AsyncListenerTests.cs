using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastGate.Test.Proxy.Transport;

/// <summary>The metrics port's listener: accepts on its own loop and serves connections on the thread pool.</summary>
[TestClass]
public sealed class AsyncListenerTests
{
    [TestMethod]
    [DataRow("127.0.0.1")]
    [DataRow("::1")]
    public async Task Connections_AreServedOffTheLoop_EvenAfterResets(string address)
    {
        ListenResult bound = ListenSocket.TryBind(new IPEndPoint(IPAddress.Parse(address), 0));
        using AsyncListener listener = new(bound.Socket!, TimeProvider.System, NullLogger.Instance);
        for (int i = 0; i < 20; i++)
            Connect(bound.EndPoint, reset: true).Dispose();
        using Socket client = Connect(bound.EndPoint, reset: false);
        client.Send("a"u8);

        byte[] bytes = [];
        while (bytes.Length == 0)
        {
            using AsyncConnection? connection = await listener.AcceptAsync(CancellationToken.None).WithinDeadline();
            Assert.AreNotEqual(
                "metrics port",
                Thread.CurrentThread.Name,
                "a slow client on the loop would delay the others"
            );
            bytes = await ReadAsync(connection!.Input).WithinDeadline();
        }
        Assert.AreEqual((byte)'a', bytes[0]);
    }

    /// <summary>Regression: code that learned of the end on the loop's thread waited for that thread to end.</summary>
    [TestMethod]
    public async Task Canceled_ReturnsNull_AndEndsItsLoop()
    {
        for (int i = 0; i < 20; i++)
        {
            ListenResult bound = ListenSocket.TryBind(new IPEndPoint(IPAddress.Loopback, 0));
            using CancellationTokenSource cancellation = new();
            Task ended = RunAsync(
                new AsyncListener(bound.Socket!, TimeProvider.System, NullLogger.Instance),
                cancellation.Token
            );
            await cancellation.CancelAsync();
            await ended.WithinDeadline();
            Assert.ThrowsExactly<SocketException>(() => Connect(bound.EndPoint, reset: false));
        }
    }

    private static async Task RunAsync(AsyncListener listener, CancellationToken cancellationToken)
    {
        using AsyncListener listening = listener;
        Assert.IsNull(await listening.AcceptAsync(cancellationToken));
    }

    private static async Task<byte[]> ReadAsync(PipeReader input)
    {
        try
        {
            return (await input.ReadAsync()).Buffer.ToArray();
        }
        catch (Exception exception) when (AsyncConnection.IsEnd(exception))
        {
            // One of those that were reset.
            return [];
        }
    }

    private static Socket Connect(IPEndPoint endPoint, bool reset)
    {
        Socket client = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(endPoint);
        if (reset)
            client.LingerState = new LingerOption(true, 0);
        return client;
    }
}
