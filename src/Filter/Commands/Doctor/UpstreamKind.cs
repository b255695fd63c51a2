namespace FastGate.Commands.Doctor;

/// <summary>What answers where Ollama should be.</summary>
internal enum UpstreamKind
{
    /// <summary>Nothing that is known, or nobody.</summary>
    None,

    Ollama,

    /// <summary>llama.cpp's <c>llama-server</c>.</summary>
    LlamaCpp,

    /// <summary>Another server that speaks OpenAI's API.</summary>
    OpenAi,
}
