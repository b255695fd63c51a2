namespace FastGate.Bench.Children;

/// <summary>The peers that can be measured on this machine, FastGate first.</summary>
internal static class Peers
{
    public const string Direct = "direct";
    public const string Gate = "FastGate";
    public const string Jit = "FastGate, JIT";
    public const string PollOff = "FastGate, poll off";

    /// <summary>Polls without comparing, unlike "auto".</summary>
    public const string Polling = "FastGate, poll 100 µs";
    public const string Unofficial = "Pipelines.Sockets.Unofficial";
    public const string Floor = "C floor";
    public const string HaProxy = "HAProxy, seed config";
    public const string HaProxyTuned = "HAProxy, tuned";
    public const string Nginx = "nginx";
    public const string Caddy = "Caddy";

    /// <summary>The programs that others wrote for the same purpose.</summary>
    public static IReadOnlyList<string> Others { get; } = [HaProxy, HaProxyTuned, Nginx, Caddy];

    /// <summary>Finds what can be measured.</summary>
    /// <param name="gates">The rows of FastGate.</param>
    /// <param name="report">Called for each missing peer, with the reason.</param>
    public static IReadOnlyList<Peer> Find(IEnumerable<Peer> gates, Action<string> report)
    {
        List<Peer> found = [.. gates, SmallGate];
        if (FloorProgram.TryBuild(report) is { } floor)
            found.Add(new Peer(Floor, floor, site => [$"{site.Listen.Port}", $"{site.Upstream.Port}"]));
        if (FindProgram("haproxy", report) is { } haproxy)
        {
            // -db: in the foreground, otherwise unchanged.
            found.Add(
                new Peer(
                    HaProxy,
                    haproxy,
                    site => ["-db", "-f", site.Write("haproxy.cfg", HaProxyConfig.Text(site, tuned: false))]
                )
            );
            found.Add(
                new Peer(
                    HaProxyTuned,
                    haproxy,
                    site => ["-db", "-f", site.Write("haproxy.cfg", HaProxyConfig.Text(site, tuned: true))]
                )
            );
        }
        if (FindProgram("nginx", report) is { } nginx)
            found.Add(
                new Peer(
                    Nginx,
                    nginx,
                    site =>
                        ["-p", site.Folder, "-e", "error.log", "-c", site.Write("nginx.conf", NginxConfig.Text(site))]
                )
            );
        if (FindProgram("caddy", report) is { } caddy)
            found.Add(
                new Peer(
                    Caddy,
                    caddy,
                    site =>
                        ["run", "--adapter", "caddyfile", "--config", site.Write("Caddyfile", CaddyConfig.Text(site))]
                )
            );
        return found;
    }

    // A gate of the same rules and scanners whose sockets are those of another library, in this program.
    private static Peer SmallGate { get; } =
        new(
            Unofficial,
            Programs.Host,
            site => [Programs.Beside("FastGate.Bench.dll"), "small-gate", $"{site.Listen}", $"{site.Upstream}"],
            IsOwn: true
        );

    private static string? FindProgram(string program, Action<string> report)
    {
        string? path = Programs.Find(program);
        if (path is null)
            report($"{program} is not on the PATH: not measured.");
        return path;
    }
}
