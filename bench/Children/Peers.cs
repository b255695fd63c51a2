namespace FastGate.Bench.Children;

/// <summary>All that can be measured on this machine, FastGate first.</summary>
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
                    // One address opens up to 1000 connections here.
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

    /// <summary>Those that are there.</summary>
    /// <param name="tell">Hears which are not, and why.</param>
    public static IReadOnlyList<Peer> Find(Action<string> tell)
    {
        List<Peer> found = [FastGate];
        if (FloorProgram.TryBuild(tell) is { } floor)
            found.Add(new Peer(Floor, floor, site => [$"{site.Listen.Port}", $"{site.Upstream.Port}"]));
        if (Present("haproxy", tell) is { } haproxy)
        {
            // -db: in the foreground, which changes nothing in how it serves.
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
        if (Present("nginx", tell) is { } nginx)
            found.Add(
                new Peer(
                    Nginx,
                    nginx,
                    site =>
                        ["-p", site.Folder, "-e", "error.log", "-c", site.Write("nginx.conf", NginxConfig.Text(site))]
                )
            );
        if (Present("caddy", tell) is { } caddy)
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

    private static string? Present(string program, Action<string> tell)
    {
        string? path = Programs.Find(program);
        if (path is null)
            tell($"{program} is not on the PATH: not measured.");
        return path;
    }
}
