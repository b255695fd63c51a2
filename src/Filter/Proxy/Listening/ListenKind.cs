namespace FastGate.Proxy.Listening;

/// <summary>The three ways to say where to listen.</summary>
internal enum ListenKind
{
    /// <summary><c>tailscale:11434</c></summary>
    Tailscale,

    /// <summary><c>127.0.0.1:11434</c>, <c>[::1]:11434</c></summary>
    Address,

    /// <summary><c>en0:11434</c></summary>
    Interface,
}
