using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

/// <summary>
/// A program that relays bytes unchanged, but holds streams back until they are complete, or delays everything, as a
/// misconfigured proxy does.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly NetNamespace _network;
    private readonly Socket _listener;
    private readonly IPEndPoint _to;
    private readonly TimeSpan _delay;
    private readonly bool _holdsStreams;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    /// <param name="network">The network that it runs in.</param>
    /// <param name="at">Where it listens.</param>
    /// <param name="to">Where it connects.</param>
    /// <param name="holdsStreams">Holds a stream of events back until it is complete.</param>
    /// <param name="delay">The pause before each piece that goes up.</param>
    public Relay(
        NetNamespace network,
        IPEndPoint at,
        IPEndPoint to,
        bool holdsStreams = false,
        TimeSpan delay = default
    )
    {
        (_network, _to, _holdsStreams, _delay) = (network, to, holdsStreams, delay);
        _listener = network.Make(() => new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        _listener.Bind(at);
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = PassAsync(await _listener.AcceptAsync(_stopping.Token));
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(Socket client)
    {
        using (client)
        using (
            Socket server = _network.Make(() =>
                new Socket(_to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            )
        )
        {
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(_to, _stopping.Token);
                await Task.WhenAll(UpAsync(client, server), DownAsync(server, client));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // One side has disconnected; so does the other.
            }
        }
    }

    private async Task UpAsync(Socket from, Socket into)
    {
        byte[] buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, _stopping.Token) is var count and > 0)
        {
            if (_delay > TimeSpan.Zero)
                await Task.Delay(_delay, _stopping.Token);
            await into.SendAsync(buffer.AsMemory(0, count), _stopping.Token);
        }
        into.Shutdown(SocketShutdown.Send);
    }

    private async Task DownAsync(Socket from, Socket into)
    {
        byte[] buffer = new byte[64 * 1024];
        List<byte> held = [];
        while (await from.ReceiveAsync(buffer, _stopping.Token) is var count and > 0)
        {
            held.AddRange(buffer.AsSpan(0, count));
            string text = Encoding.Latin1.GetString([.. held]);
            // The last chunk ends a stream.
            if (
                _holdsStreams
                && text.Contains("event-stream", StringComparison.Ordinal)
                && !text.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            )
                continue;
            await into.SendAsync(held.ToArray(), _stopping.Token);
            held.Clear();
        }
        if (held.Count > 0)
            await into.SendAsync(held.ToArray(), _stopping.Token);
        into.Shutdown(SocketShutdown.Send);
    }
}
