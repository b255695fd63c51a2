using System.Net.Sockets;
using System.Text;

namespace FastGate.Test.Support;

/// <summary>
/// A Unix socket that responds like the LocalAPI of Tailscale's daemon. Its responses can be changed at any time.
/// </summary>
internal sealed class FakeTailscaled : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tsd-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task _accepting;
    private int _served;

    public FakeTailscaled()
    {
        SocketPath = Path.Combine(_folder.FullName, "tailscaled.sock");
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
        _accepting = AcceptedConnections.ServeAsync(_listener, RespondAsync);
    }

    public string SocketPath { get; }

    public string Status { get; set; } = """{"TUN":true,"BackendState":"Running"}""";

    /// <summary>
    /// The response of <c>serve-config</c>: <c>null</c> while nothing is served, as from the real daemon.
    /// </summary>
    public string Serve { get; set; } = "null";

    /// <summary>Whether it accepts connections without responding.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Requests for <c>serve-config</c> so far.</summary>
    public int Served => _served;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        _folder.Delete(recursive: true);
    }

    private async Task RespondAsync(Socket client)
    {
        using RawConnection connection = new(client);
        try
        {
            string asked = Encoding.ASCII.GetString(await connection.ReadThroughAsync("\r\n\r\n"u8.ToArray()));
            bool isServe = asked.StartsWith("GET /localapi/v0/serve-config HTTP/1.1\r\n", StringComparison.Ordinal);
            if (isServe)
                Interlocked.Increment(ref _served);
            if (IsSilent)
            {
                await connection.ReadToEndAsync();
                return;
            }
            string content = isServe ? Serve : Status;
            string status = asked.Contains("\r\nHost: local-tailscaled.sock\r\n", StringComparison.Ordinal)
                ? "200 OK"
                : "403 Forbidden";
            await connection.SendAsync(
                Encoding.UTF8.GetBytes(
                    $"HTTP/1.1 {status}\r\nConnection: "
                        + $"close\r\nContent-Length: {Encoding.UTF8.GetByteCount(content)}\r\n\r\n{content}"
                )
            );
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
        {
            // The client has disconnected.
        }
    }
}
