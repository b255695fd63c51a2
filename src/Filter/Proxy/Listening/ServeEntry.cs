namespace FastGate.Proxy.Listening;

/// <summary>One entry of Tailscale Serve or Funnel: a port that it forwards, or a path of a web server on that
/// port.</summary>
/// <param name="Kind">How the entry accepts connections.</param>
/// <param name="Port">The port on this machine's Tailscale addresses, or on those of <see cref="Service"/>.</param>
/// <param name="Target">As written in the configuration; empty if it serves text or files.</param>
internal sealed record ServeEntry(ServeKind Kind, int Port, string Target)
{
    /// <summary>The path, if the web server has several; null otherwise.</summary>
    public string? Path { get; init; }

    /// <summary>The Tailscale Service (<c>svc:…</c>) whose own addresses it is for; null for this machine's
    /// addresses.</summary>
    public string? Service { get; init; }

    /// <summary>Whether it ends with the <c>tailscale serve</c> that runs in a terminal.</summary>
    public bool IsForeground { get; init; }

    /// <summary>Whether it is open to the internet.</summary>
    public bool IsFunnel { get; init; }

    /// <summary>The command that created it, such as <c>tailscale serve --tcp=11434</c>.</summary>
    public string Description => $"tailscale {(IsFunnel ? "funnel" : "serve")} {Flags}";

    /// <summary>The command that turns off this entry and nothing else. A foreground entry ends only with its own
    /// command.</summary>
    /// <param name="tool">How to run Tailscale's program, such as <c>sudo tailscale</c>.</param>
    public string DisableCommand(string tool) =>
        IsForeground
            ? "press Ctrl+C where that command runs"
            // "serve" also removes what "funnel" created, and does not first check whether the tailnet allows funnels.
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

/// <summary>How an entry of Tailscale Serve accepts connections; each is a flag of <c>tailscale serve</c>.</summary>
internal enum ServeKind
{
    /// <summary><c>--tcp</c></summary>
    Tcp,

    /// <summary><c>--tls-terminated-tcp</c></summary>
    TlsTcp,

    /// <summary><c>--http</c></summary>
    Http,

    /// <summary><c>--https</c></summary>
    Https,
}
