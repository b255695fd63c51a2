namespace FastGate.Proxy.Rules;

/// <summary>What is known of a request that a <see cref="Cures"/> entry is about.</summary>
internal enum CureKind
{
    /// <summary>A route of Ollama's that no profile opens for good reason.</summary>
    Management,

    /// <summary>A profile opens it.</summary>
    Profile,

    /// <summary>A route of Ollama's that only a rule of one's own opens.</summary>
    Route,

    /// <summary>A route of older releases.</summary>
    Gone,

    /// <summary>A route of llama.cpp's server that Ollama has not.</summary>
    Llama,

    /// <summary>A route without the part of its path that the client's base URL should have.</summary>
    Versionless,
}
