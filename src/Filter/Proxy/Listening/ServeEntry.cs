namespace FastGate.Proxy.Listening;

/// <summary>One thing that Tailscale Serve or Funnel forwards: a port, or a path of a web server on that
/// port.</summary>
/// <param name="Kind">How it takes connections.</param>
/// <param name="Port">The port on this machine's Tailscale addresses, or on those of <see cref="Service"/>.</param>
/// <param name="Target">As the configuration writes it; empty when it serves a text or files.</param>
internal sealed record ServeEntry(ServeKind Kind, int Port, string Target)
{
    /// <summary>The path of a web server when it has several; null otherwise.</summary>
    public string? Path { get; init; }

    /// <summary>The Tailscale Service (<c>svc:…</c>) whose own addresses it is for; null for this machine's
    /// addresses.</summary>
    public string? Service { get; init; }

    /// <summary>It lasts as long as a <c>tailscale serve</c> in some terminal.</summary>
    public bool IsForeground { get; init; }

    /// <summary>It is open to the internet.</summary>
    public bool IsFunnel { get; init; }

    /// <summary>The command that made it, such as <c>tailscale serve --tcp=11434</c>.</summary>
    public string Description => $"tailscale {(IsFunnel ? "funnel" : "serve")} {Flags}";

    /// <summary>What turns it off, and nothing beside it. One in the foreground ends with its own command
    /// only.</summary>
    /// <param name="tool">How Tailscale's program is run, such as <c>sudo tailscale</c>.</param>
    public string Off(string tool) =>
        IsForeground
            ? "press Ctrl+C where that command runs"
            // "serve" removes what "funnel" has made too, and does not first ask whether the tailnet allows funnels.
            : $"{tool} serve {Flags} off";

    private string Flags
    {
        get
        {
            string service = Service is null ? "" : $"--service={Service} ";
            return $"{service}--{WordOf(Kind)}={Port}{(Path is null ? "" : $" --set-path={Quoted(Path)}")}";
        }
    }

    private static string Quoted(string path) =>
        path.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '-' or '_' or '.')
            ? path
            : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string WordOf(ServeKind kind) =>
        kind switch
        {
            ServeKind.Tcp => "tcp",
            ServeKind.TlsTcp => "tls-terminated-tcp",
            ServeKind.Http => "http",
            _ => "https",
        };
}
