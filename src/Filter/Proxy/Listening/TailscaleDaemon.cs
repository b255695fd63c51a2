using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Listening;

/// <summary>
/// Tailscale's daemon on this machine, asked over its LocalAPI; whoever may see the machine's tailnet may ask.
/// Addresses themselves are read from the interfaces. Any thread.
/// </summary>
/// <param name="sockets">The paths where the daemon may listen; the first that exists is asked.</param>
/// <param name="appFolder">Where the macOS app outside the App Store writes its port and token; null for
/// nowhere.</param>
internal sealed class TailscaleDaemon(IReadOnlyList<string> sockets, string? appFolder = null)
{
    // Others are refused (ipn/localapi).
    private const string Host = "local-tailscaled.sock";

    // Without the list of peers, which may be long.
    private const string Status = "/localapi/v0/status?peers=false";

    private const string Served = "/localapi/v0/serve-config";

    private const int AnswerBytesMax = 1 << 20;

    /// <summary>QNAP's, in a folder where any user could put a socket: what it says explains, and decides
    /// nothing.</summary>
    private const string Doubtful = "/tmp/tailscale/tailscaled.sock";

    // A daemon on the same machine answers in a millisecond; one that hangs must not hold up the next look.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Tailscale's paths.DefaultTailscaledSocket (Linux, macOS without the app, Synology, QNAP), and the app's folder.
    /// The App Store's app keeps its token in its sandbox: that one is not asked.
    /// </summary>
    public static TailscaleDaemon Usual { get; } =
        new(
            [
                "/var/run/tailscale/tailscaled.sock",
                "/var/run/tailscaled.socket",
                "/var/packages/Tailscale/var/tailscaled.sock",
                Doubtful,
            ],
            "/Library/Tailscale"
        );

    private string? Socket => sockets.FirstOrDefault(File.Exists);

    /// <summary>
    /// How a person runs Tailscale's program to change something here. The macOS app's refuses root; the daemon behind
    /// a socket, and any on Linux, wants it.
    /// </summary>
    public string Tool => Socket is null && OperatingSystem.IsMacOS() ? "tailscale" : "sudo tailscale";

    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public async Task<TailscaleState> AskAsync(CancellationToken cancellationToken) =>
        (await StatusAsync(cancellationToken))?.Kind ?? TailscaleState.Unknown;

    /// <returns>Null when there is no daemon, or none that may be asked or answers in time.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public async Task<TailscaleStatus?> StatusAsync(CancellationToken cancellationToken)
    {
        TailscaleStatus? status = await AskAsync(Status, TailscaleStatus.Of, cancellationToken);
        return Socket == Doubtful && status is not null ? status with { Addresses = [] } : status;
    }

    /// <summary>What Tailscale Serve and Funnel forward.</summary>
    /// <returns>Null when there is no daemon, or none that may be asked or answers in time.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public Task<ServeConfig?> ServeAsync(CancellationToken cancellationToken) =>
        AskAsync(Served, ServeConfig.Of, cancellationToken);

    /// <summary>
    /// Marks the addresses that the daemon says are its own, where they cannot be told by interface or prefix: a
    /// renamed tunnel without IPv6. The daemon is asked only if there is an address that could be one.
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

    private async Task<T?> AskAsync<T>(string path, Func<JsonElement, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        (HttpClient Client, string Authority, string? Token)? way = Way();
        if (way is not { } found)
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
            using JsonDocument answer = JsonDocument.Parse(
                await response.Content.ReadAsByteArrayAsync(cancellationToken)
            );
            return read(answer.RootElement);
        }
        catch (Exception silence)
            when (silence is HttpRequestException or IOException or JsonException or InvalidOperationException
                || (silence is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            // A socket that its daemon left behind, no right to ask, or another program: nothing is known.
            return null;
        }
    }

    private (HttpClient Client, string Authority, string? Token)? Way()
    {
        if (Socket is { } path)
            return (UnixHttp.ClientTo(path, Patience, AnswerBytesMax), Host, null);
        if (appFolder is null || !Directory.Exists(appFolder))
            return null;
        try
        {
            // safesocket_darwin.go: "ipnport" is a link whose target is the port, "sameuserproof-PORT" holds the token.
            string? port = new FileInfo(Path.Combine(appFolder, "ipnport")).LinkTarget;
            if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                return null;
            string token = RegularFile.ReadText(Path.Combine(appFolder, $"sameuserproof-{port}")).Trim();
            return (BoundedHttp.Client(new SocketsHttpHandler(), Patience, AnswerBytesMax), $"127.0.0.1:{port}", token);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            // The app is gone, or this user may not ask it.
            return null;
        }
    }
}
