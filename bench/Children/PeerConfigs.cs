namespace FastGate.Bench.Children;

/// <summary>The HAProxy setup that FastGate replaces: the same settings, limits and allowlist, on loopback.</summary>
internal static class HaProxyConfig
{
    /// <param name="site">Where it runs.</param>
    /// <param name="tuned">Adds the two options that streams need: forward bytes at once, and forward a client's
    /// disconnect.</param>
    public static string Text(PeerSettings site, bool tuned)
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

/// <summary>nginx as its users put it in front of Ollama: no buffering, connections to Ollama kept alive, the same
/// allowlist.</summary>
internal static class NginxConfig
{
    public static string Text(PeerSettings site)
    {
        IEnumerable<string> allow = Allowlist
            .Prefixes.Select(path => $"location {path}")
            .Concat(Allowlist.Paths.Select(path => $"location = {path}"))
            .Select(location => $"        {location} {{ proxy_pass http://ollama; }}");
        // Started by root, its workers would run as a user without access to the folder.
        string user = Environment.UserName == "root" ? "user root;" : "";
        return $$"""
            daemon off;
            {{user}}
            worker_processes {{site.Cores}};
            pid nginx.pid;
            events { worker_connections 4096; }
            http {
                access_log access.log;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                client_max_body_size 0;
                # The default closes a connection after 1000 requests.
                keepalive_requests 1000000000;
                upstream ollama {
                    server {{site.Upstream}};
                    keepalive 64;
                    keepalive_requests 1000000000;
                }
                server {
                    listen {{site.Listen}};
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_buffering off;
                    proxy_request_buffering off;
                    proxy_read_timeout 300s;
            {{string.Join('\n', allow)}}
                    location / { return 403; }
                }
            }

            """;
    }
}

/// <summary>Caddy with the same allowlist; it forwards event streams unbuffered by default.</summary>
internal static class CaddyConfig
{
    public static string Text(PeerSettings site) =>
        $$"""
            {
                admin off
                auto_https off
                storage file_system {{site.Folder}}
            }
            :{{site.Listen.Port}} {
                bind 127.0.0.1
                log {
                    output file {{Path.Combine(site.Folder, "access.log")}}
                }
                @allowed path {{string.Join("* ", Allowlist.Prefixes)}}* {{string.Join(' ', Allowlist.Paths)}}
                handle @allowed {
                    reverse_proxy {{site.Upstream}}
                }
                handle {
                    respond 403
                }
            }

            """;
}

/// <summary>The requests that the configuration replaced by FastGate allows.</summary>
internal static class Allowlist
{
    public static IReadOnlyList<string> Prefixes { get; } =
    ["/v1/chat/completions", "/v1/models", "/v1/responses", "/v1/messages"];

    public static IReadOnlyList<string> Paths { get; } = ["/api/version", "/api/tags", "/api/show"];
}
