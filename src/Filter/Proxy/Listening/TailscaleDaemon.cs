using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Listening;

/// <summary>
/// A client of Tailscale's daemon on this machine, over its LocalAPI, which every user who may see the tailnet can use.
/// The addresses themselves are read from the interfaces. Any thread may call it.
/// </summary>
/// <param name="sockets">The paths where the daemon may listen; the first that exists is used.</param>
/// <param name="appFolder">Where the macOS app from outside the App Store writes its port and token; null for
/// none.</param>
internal sealed class TailscaleDaemon(IReadOnlyList<string> sockets, string? appFolder = null)
{
    // Any other host is refused (ipn/localapi).
    private const string Host = "local-tailscaled.sock";

    // Without the list of peers, which can be long.
    private const string Status = "/localapi/v0/status?peers=false";

    private const string Served = "/localapi/v0/serve-config";

    private const int ResponseBytesMax = 1 << 20;

    /// <summary>QNAP's socket, in a folder where any user could create one: its status is used to explain, not to
    /// decide.</summary>
    private const string Untrusted = "/tmp/tailscale/tailscaled.sock";

    // A daemon on the same machine responds in a millisecond; one that hangs must not delay the next poll.
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Tailscale's paths.DefaultTailscaledSocket (Linux, macOS without the app, Synology, QNAP), and the app's folder.
    /// The App Store's app keeps its token in its sandbox, so it cannot be reached.
    /// </summary>
    public static TailscaleDaemon Default { get; } =
        new(
            [
                "/var/run/tailscale/tailscaled.sock",
                "/var/run/tailscaled.socket",
                "/var/packages/Tailscale/var/tailscaled.sock",
                Untrusted,
            ],
            "/Library/Tailscale"
        );

    private string? Socket => sockets.FirstOrDefault(File.Exists);

    /// <summary>
    /// How to run Tailscale's program for a change on this machine. The macOS app refuses root; a daemon with a
    /// socket, and any daemon on Linux, requires it.
    /// </summary>
    public string Tool => Socket is null && OperatingSystem.IsMacOS() ? "tailscale" : "sudo tailscale";

    /// <returns>Null if no daemon runs, allows this user and responds in time.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public async Task<TailscaleStatus?> StatusAsync(CancellationToken cancellationToken)
    {
        TailscaleStatus? status = await GetAsync(Status, TailscaleStatus.Of, cancellationToken);
        return Socket == Untrusted && status is not null ? status with { Addresses = [] } : status;
    }

    /// <summary>Reads what Tailscale Serve and Funnel forward.</summary>
    /// <returns>Null if no daemon runs, allows this user and responds in time.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public Task<ServeConfig?> ServeAsync(CancellationToken cancellationToken) =>
        GetAsync(Served, ServeConfig.Of, cancellationToken);

    /// <summary>
    /// Marks the addresses that the daemon reports as its own, if interface and prefix cannot identify them: a renamed
    /// tunnel without IPv6. The daemon is called only if an address could be one of them.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public async Task<IReadOnlyList<InterfaceAddress>> MarkAsync(
        IReadOnlyList<InterfaceAddress> interfaces,
        CancellationToken cancellationToken
    )
    {
        if (!TailscaleAddresses.NeedsDaemon(interfaces))
            return interfaces;
        return await StatusAsync(cancellationToken) is { Kind: TailscaleState.Running } status
            ? TailscaleAddresses.Mark(interfaces, status.Addresses)
            : interfaces;
    }

    private async Task<T?> GetAsync<T>(string path, Func<JsonElement, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        if (Connect() is not { } found)
            return null;
        using HttpClient client = found.Client;
        using HttpRequestMessage request = new(HttpMethod.Get, $"http://{found.Authority}{path}");
        request.Headers.Host = Host;
        if (found.Token is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.ASCII.GetBytes($":{token}"))
            );
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            return StrictJson.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken), read);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            // A stale socket, no permission, or another program: nothing is known.
            return null;
        }
    }

    private (HttpClient Client, string Authority, string? Token)? Connect()
    {
        if (Socket is { } path)
            return (UnixHttp.ClientTo(path, RequestTimeout, ResponseBytesMax), Host, null);
        if (appFolder is null || !Directory.Exists(appFolder))
            return null;
        try
        {
            // safesocket_darwin.go: "ipnport" is a link whose target is the port, "sameuserproof-PORT" holds the token.
            string? port = new FileInfo(Path.Combine(appFolder, "ipnport")).LinkTarget;
            if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                return null;
            string token = RegularFile.ReadText(Path.Combine(appFolder, $"sameuserproof-{port}")).Trim();
            return (
                BoundedHttp.Client(new SocketsHttpHandler(), RequestTimeout, ResponseBytesMax),
                $"127.0.0.1:{port}",
                token
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The app has ended, or does not allow this user.
            return null;
        }
    }
}
