namespace FastGate.Bench.Children;

/// <summary>The HAProxy set-up that FastGate replaces: the same settings, limits and allowlist, on loopback.</summary>
internal static class HaProxyConfig
{
    /// <param name="site">Where it runs.</param>
    /// <param name="tuned">With the two options that streams need: bytes go on at once, and so does a client's
    /// end.</param>
    public static string Text(PeerSite site, bool tuned)
    {
        IEnumerable<string> allow = Allowlist
            .Prefixes.Select((path, i) => $"    acl prefix{i} path_beg {path}\n    use_backend ollama if prefix{i}")
            .Concat(
                Allowlist.Paths.Select((path, i) => $"    acl path{i} path {path}\n    use_backend ollama if path{i}")
            );
        return $"""
            global
                log /dev/log local0
                maxconn 2000
            defaults
                log global
                mode http
                option httplog
                timeout connect 5s
                timeout client 300s
                timeout server 300s
            {(tuned ? "    option http-no-delay\n    option abortonclose" : "")}
            frontend ollama
                bind {site.Listen}
            {string.Join('\n', allow)}
                default_backend blocked
            backend ollama
                server ollama {site.Upstream} check
            backend blocked
                http-request deny

            """;
    }
}
