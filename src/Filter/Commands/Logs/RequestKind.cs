namespace FastGate.Commands.Logs;

/// <summary>What a request that was seen is to whoever writes an allowlist.</summary>
internal enum RequestKind
{
    /// <summary>A route of Ollama's or of its clients, or one that the owner's own rule has opened: an allowlist may
    /// have it.</summary>
    Legitimate,

    /// <summary>It manages models, keys or the server: no allowlist is proposed that opens it.</summary>
    Management,

    /// <summary>Nothing of Ollama's: a mistaken base URL, another program, somebody who tries doors.</summary>
    Unknown,

    /// <summary>No rule can open it.</summary>
    Malformed,
}
