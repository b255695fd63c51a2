namespace FastGate.Proxy.Listening;

/// <summary>How an entry of Tailscale Serve takes connections; each is a flag of <c>tailscale serve</c>.</summary>
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
