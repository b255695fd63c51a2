using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

/// <summary>
/// A program between two others that passes bytes on as they are, but keeps streams back until they have ended, or everything
/// for a while: what a badly set up proxy does to those who wait for tokens.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly NetNamespace network;
    private readonly Socket listener;
    private readonly IPEndPoint to;
    private readonly TimeSpan delay;
    private readonly bool holdsStreams;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;

    /// <param name="network">Where it runs.</param>
    /// <param name="at">Where it listens.</param>
    /// <param name="to">Where it leads.</param>
    /// <param name="holdsStreams">Keeps a stream of events back until it is whole.</param>
    /// <param name="delay">Before each piece that goes up.</param>
    public Relay(NetNamespace network, IPEndPoint at, IPEndPoint to, bool holdsStreams = false, TimeSpan delay = default)
    {
        (this.network, this.to, this.holdsStreams, this.delay) = (network, to, holdsStreams, delay);
        listener = network.Make(() => new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(at);
        listener.Listen();
        accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = PassAsync(await listener.AcceptAsync(stopping.Token));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(Socket client)
    {
        using (client)
        using (Socket server = network.Make(() => new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }))
        {
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(to, stopping.Token);
                await Task.WhenAll(UpAsync(client, server), DownAsync(server, client));
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException)
            {
                // Either side has gone; the other follows.
            }
        }
    }

    private async Task UpAsync(Socket from, Socket into)
    {
        byte[] buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, stopping.Token) is var count and > 0)
        {
            if (delay > TimeSpan.Zero) await Task.Delay(delay, stopping.Token);
            await into.SendAsync(buffer.AsMemory(0, count), stopping.Token);
        }
        into.Shutdown(SocketShutdown.Send);
    }

    private async Task DownAsync(Socket from, Socket into)
    {
        byte[] buffer = new byte[64 * 1024];
        List<byte> held = [];
        while (await from.ReceiveAsync(buffer, stopping.Token) is var count and > 0)
        {
            held.AddRange(buffer.AsSpan(0, count));
            string text = Encoding.Latin1.GetString([.. held]);
            // The last chunk ends a stream.
            if (holdsStreams && text.Contains("event-stream", StringComparison.Ordinal) && !text.EndsWith("0\r\n\r\n", StringComparison.Ordinal)) continue;
            await into.SendAsync(held.ToArray(), stopping.Token);
            held.Clear();
        }
        if (held.Count > 0) await into.SendAsync(held.ToArray(), stopping.Token);
        into.Shutdown(SocketShutdown.Send);
    }
}
