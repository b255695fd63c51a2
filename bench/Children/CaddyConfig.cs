namespace FastGate.Bench.Children;

/// <summary>Caddy with the same allowlist; it passes event streams on unbuffered by itself.</summary>
internal static class CaddyConfig
{
    public static string Text(PeerSite site) =>
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
