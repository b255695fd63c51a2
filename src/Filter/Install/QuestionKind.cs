namespace FastGate.Install;

/// <summary>What the owner is asked.</summary>
internal enum QuestionKind
{
    /// <summary>May HAProxy's agent be unloaded?</summary>
    ReplaceHaproxy,

    /// <summary>May Homebrew's service be stopped, and Ollama be kept by an agent?</summary>
    StopBrew,

    /// <summary>May the agent of Ollama be changed so that it hears loopback only?</summary>
    CloseOllama,

    /// <summary>May what the owner changed in FastGate's agent or unit be written anew?</summary>
    RewriteEdited,

    /// <summary>May the gate run without a session?</summary>
    Linger,
}
