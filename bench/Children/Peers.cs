namespace FastGate.Bench.Children;

/// <summary>The peers that can be measured on this machine, FastGate first.</summary>
internal static class Peers
{
    public const string Direct = "direct";
    public const string Gate = "FastGate";
    public const string Floor = "C floor";
    public const string HaProxy = "HAProxy, seed config";
    public const string HaProxyTuned = "HAProxy, tuned";
    public const string Nginx = "nginx";
    public const string Caddy = "Caddy";

    /// <summary>The gate as a user runs it, access log on.</summary>
    public static Peer FastGate { get; } =
        new(
            Gate,
            Programs.Host,
            site =>
                [
                    Programs.Beside("fastgate.dll"),
                    "run",
                    // The client opens up to 1000 connections from one address.
                    "--config",
                    site.Write(
                        "fastgate.json",
                        """{ "limits": { "connectionsMax": 4096, "connectionsPerPeerMax": 4096 } }"""
                    ),
                    "--listen",
                    $"{site.Listen}",
                    "--upstream",
                    $"{site.Upstream}",
                    "--access-log",
                    Path.Combine(site.Folder, "access.log"),
                    "--metrics-socket",
                    Path.Combine(site.Folder, "gate.sock"),
                ]
        );

    /// <summary>Finds the installed peers.</summary>
    /// <param name="report">Called for each missing one, with the reason.</param>
    public static IReadOnlyList<Peer> Find(Action<string> report)
    {
        List<Peer> found = [FastGate];
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

    private static string? FindProgram(string program, Action<string> report)
    {
        string? path = Programs.Find(program);
        if (path is null)
            report($"{program} is not on the PATH: not measured.");
        return path;
    }
}
