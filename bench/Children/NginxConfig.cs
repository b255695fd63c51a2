namespace FastGate.Bench.Children;

/// <summary>nginx as its users put it before Ollama: nothing buffered, connections to Ollama kept, the same
/// allowlist.</summary>
internal static class NginxConfig
{
    public static string Text(PeerSite site)
    {
        IEnumerable<string> allow = Allowlist
            .Prefixes.Select(path => $"location {path}")
            .Concat(Allowlist.Paths.Select(path => $"location = {path}"))
            .Select(location => $"        {location} {{ proxy_pass http://ollama; }}");
        // Started by root it would serve as somebody who may not enter the folder.
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
