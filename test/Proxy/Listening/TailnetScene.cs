using System.Net;
using System.Net.NetworkInformation;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Listening;

/// <summary>
/// A gate in its own process and network, with a LAN and an optional tailnet. Two more networks simulate a neighbor
/// that sends packets for Tailscale's addresses over the LAN, and a machine in the tailnet.
/// </summary>
internal sealed class TailnetScene : IAsyncDisposable
{
    public const int Port = 11434;
    public const string Get = "GET /api/version HTTP/1.1\r\nHost: gate\r\n\r\n";

    private readonly NetNamespace _neighbour;
    private readonly NetNamespace _tailnet;
    private readonly List<IDisposable> _opened = [];
    private readonly string _config = Path.GetTempFileName();
    private GateProcess? _gate;

    private TailnetScene(NetNamespace home, NetNamespace neighbour, NetNamespace tailnet)
    {
        Home = home;
        _neighbour = neighbour;
        _tailnet = tailnet;
        Upstream = home.Make(() => new RawUpstream());
        Sampler = new ListenSampler(home);
    }

    /// <summary>Where the gate runs.</summary>
    public NetNamespace Home { get; }

    public RawUpstream Upstream { get; }

    /// <summary>The socket of the Tailscale daemon that the gate must find; null for the machine's own.</summary>
    public string? Tailscaled { get; init; }

    public ListenSampler Sampler { get; }

    public GateProcess Gate => _gate!;

    public static async Task<TailnetScene> OpenAsync(string? tailscaled = null)
    {
        TailnetScene made = new(
            await NetNamespace.MakeAsync(),
            await NetNamespace.MakeAsync(),
            await NetNamespace.MakeAsync()
        )
        {
            Tailscaled = tailscaled,
        };
        await made.Home.JoinAsync("lan0", made._neighbour, "lan");
        await made._neighbour.IpAsync("link set lan up");
        await made.Home.IpAsync("addr add 192.168.77.1/24 dev lan0");
        await made._neighbour.IpAsync("addr add 192.168.77.9/24 dev lan");
        await made._neighbour.IpAsync("route add 100.64.0.0/10 via 192.168.77.1");
        return made;
    }

    /// <summary>Starts the gate.</summary>
    /// <param name="listen">What to listen on, as in the config file.</param>
    public void Start(params string[] listen)
    {
        File.WriteAllText(
            _config,
            $$"""{ "listen": [{{string.Join(", ", listen.Select(on => $"\"{on}\""))}}], "upstream": "{{Upstream.Endpoint}}" }"""
        );
        string[] words = ["--config", _config, "--access-log", "off"];
        _gate = Tailscaled is null
            ? GateProcess.StartIn(Home, words)
            : GateProcess.StartBeside(Home, Tailscaled, words);
        _gate.WaitFor("Upstream: ");
        Sampler.ForgetStart();
    }

    /// <summary>Adds Tailscale's interface, without an address yet; the machine in the tailnet has one.</summary>
    public async Task BeginTailscaleAsync()
    {
        await BeginSilentTailscaleAsync();
        await AddTailnetPeerAsync();
    }

    /// <summary>
    /// Adds Tailscale's interface without a peer at its other end, so that duplicate address detection cannot finish.
    /// </summary>
    public Task BeginSilentTailscaleAsync() => Home.JoinAsync("tailscale0", _tailnet, "tailscale0");

    /// <summary>Brings up the machine in the tailnet.</summary>
    public async Task AddTailnetPeerAsync()
    {
        await _tailnet.IpAsync("link set tailscale0 up");
        await _tailnet.IpAsync("addr add 100.64.0.9/10 dev tailscale0");
        await _tailnet.IpAsync("addr add fd7a:115c:a1e0::9/48 dev tailscale0 nodad");
    }

    public Task EndTailscaleAsync() => Home.IpAsync("link del tailscale0");

    /// <param name="address">IPv4 with its prefix.</param>
    public Task AddAsync(string address) => Home.IpAsync($"addr add {address} dev tailscale0");

    public Task RemoveAsync(string address) => Home.IpAsync($"addr del {address} dev tailscale0");

    public Task<RawClient> FromTailnetAsync(string to) => ConnectAsync(_tailnet, to);

    public Task<RawClient> FromNeighbourAsync(string to) => ConnectAsync(_neighbour, to);

    /// <summary>
    /// Connects from an address that the neighbor has taken on the LAN, by the route of a packet to Tailscale's
    /// addresses.
    /// </summary>
    /// <param name="to">The destination.</param>
    /// <param name="address">IPv6 link-local.</param>
    public async Task<RawClient> FromNeighbourAsync(string to, string address)
    {
        await _neighbour.IpAsync($"-6 addr add {address}/64 dev lan nodad");
        RawClient client = await _neighbour.Make(() =>
        {
            int lan = NetworkInterface
                .GetAllNetworkInterfaces()
                .Single(entry => entry.Name == "lan")
                .GetIPProperties()
                .GetIPv6Properties()
                .Index;
            return RawClient.ConnectAsync(
                IPEndPoint.Parse(to),
                new IPAddress(IPAddress.Parse(address).GetAddressBytes(), lan)
            );
        });
        _opened.Add(client);
        return client;
    }

    /// <summary>Makes the neighbor send packets for Tailscale's IPv6 addresses to this machine over the LAN.</summary>
    public async Task RouteIPv6OverLanAsync()
    {
        await Home.IpAsync("-6 addr add fe80::77/64 dev lan0 nodad");
        await _neighbour.IpAsync("-6 route add fd7a:115c:a1e0::/48 via fe80::77 dev lan");
    }

    /// <summary>Checks that a request reaches the upstream and its response returns.</summary>
    public async Task ServeAsync(RawClient client)
    {
        await client.SendAsync(Get);
        using RawConnection arrived = await Upstream.NextAsync();
        await arrived.ReadThroughAsync("\r\n\r\n"u8.ToArray());
        await arrived.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    /// <summary>Checks that exactly these endpoints are bound, besides the upstream.</summary>
    public void CheckBound(params string[] expected) => Check(expected, Home.Listening());

    /// <summary>Checks that nothing else was bound at any time.</summary>
    public async Task CheckEverBoundAsync(params string[] expected)
    {
        await Until.HoldsAsync(() => Sampler.Samples > 1, "a second sample");
        IEnumerable<string> seen = (await Sampler.EndAsync()).Select(endPoint => endPoint.ToString());
        Assert.AreEqual("", Sorted(seen.Except([.. expected, Upstream.Endpoint.ToString()])), "bound at some time");
    }

    /// <summary>The number of log lines that contain this text.</summary>
    public int CountLogged(string text) =>
        Gate.Output.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable opened in _opened)
            opened.Dispose();
        _gate?.Dispose();
        await Sampler.DisposeAsync();
        Upstream.Dispose();
        foreach (NetNamespace network in (NetNamespace[])[_tailnet, _neighbour, Home])
            await network.DisposeAsync();
        File.Delete(_config);
    }

    private void Check(string[] expected, IEnumerable<IPEndPoint> bound) =>
        Assert.AreEqual(
            Sorted([.. expected, Upstream.Endpoint.ToString()]),
            Sorted(bound.Select(endPoint => endPoint.ToString()))
        );

    private static string Sorted(IEnumerable<string> texts) => string.Join(' ', texts.Order(StringComparer.Ordinal));

    private async Task<RawClient> ConnectAsync(NetNamespace where, string to)
    {
        RawClient client = await where.Make(() => RawClient.ConnectAsync(IPEndPoint.Parse(to)));
        _opened.Add(client);
        return client;
    }
}
