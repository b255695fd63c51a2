namespace FastGate.Commands.Install;

/// <summary>The servers that an installation has to know of.</summary>
internal enum ServerKind
{
    /// <summary><c>ollama serve</c>.</summary>
    Ollama,

    Haproxy,
}
