using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Rules;
using FastGate.Proxy.Wire;
using FastGate.Test.Support;

namespace FastGate.Test.Differential;

/// <summary>
/// A gate that applies FastGate's scanner and rules only to the first request of a connection and then copies bytes: a
/// known leak, which the tests must detect.
/// </summary>
internal sealed class FirstRequestOnlyGate : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly RuleSet _rules = RuleSet.Compile(AllowList.Expand(["@seed"]).Rules);
    private readonly IPEndPoint _upstream;
    private readonly Task _accepting;

    public FirstRequestOnlyGate(IPEndPoint upstream)
    {
        _upstream = upstream;
        _listener.Start(512);
        _accepting = AcceptedConnections.ServeAsync(_listener.Server, ServeAsync);
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting.WithinDeadline();
    }

    private async Task ServeAsync(Socket accepted)
    {
        using var client = accepted;
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };
        try
        {
            byte[] first = new byte[WireLimits.HeadBytesMax];
            int length = 0;
            bool? allowed = null;
            while (allowed is null)
            {
                int received = await client.ReceiveAsync(first.AsMemory(length));
                if (received == 0)
                    return;
                length += received;
                allowed = IsAllowed(first.AsSpan(0, length));
            }
            if (allowed == false)
                return;
            await server.ConnectAsync(_upstream);
            await server.SendAsync(first.AsMemory(0, length));
            await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
        }
        catch (SocketException)
        {
            // One side has closed; close both.
        }
    }

    private bool? IsAllowed(ReadOnlySpan<byte> bytes)
    {
        RequestHead head = default;
        return RequestHeadScanner.Scan(bytes, ref head) switch
        {
            ScanResult.Partial => null,
            ScanResult.Complete => _rules.Match(head.Method(bytes), head.Path(bytes)).Allowed,
            _ => false,
        };
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            int received;
            while ((received = await from.ReceiveAsync(buffer)) > 0)
                await to.SendAsync(buffer.AsMemory(0, received));
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One side was reset: close the other too.
            from.Dispose();
            to.Dispose();
        }
    }
}
