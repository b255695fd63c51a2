using System.Net;

namespace FastGate.Bench.EndToEnd;

/// <summary>The HAProxy set-up that FastGate replaces: the same settings, limits and allowlist, on loopback.</summary>
internal static class HaProxyConfig
{
    private static readonly string[] Prefixes = ["/v1/chat/completions", "/v1/models", "/v1/responses", "/v1/messages"];
    private static readonly string[] Paths = ["/api/version", "/api/tags", "/api/show"];

    public static string Text(IPEndPoint listen, IPEndPoint upstream)
    {
        IEnumerable<string> allow = Prefixes.Select((path, i) => $"    acl prefix{i} path_beg {path}\n    use_backend ollama if prefix{i}")
            .Concat(Paths.Select((path, i) => $"    acl path{i} path {path}\n    use_backend ollama if path{i}"));
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
            frontend ollama
                bind {listen}
            {string.Join('\n', allow)}
                default_backend blocked
            backend ollama
                server ollama {upstream} check
            backend blocked
                http-request deny

            """;
    }
}
