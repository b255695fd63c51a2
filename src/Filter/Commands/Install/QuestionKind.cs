namespace FastGate.Commands.Install;

/// <summary>What the owner is asked.</summary>
internal enum QuestionKind
{
    /// <summary>May HAProxy's agent be unloaded?</summary>
    ReplaceHaproxy,

    /// <summary>May Homebrew's service be stopped, and Ollama be kept by an agent?</summary>
    StopBrew,

    /// <summary>May the agent of Ollama be changed so that it hears loopback only?</summary>
    CloseOllama,

    /// <summary>Shall Ollama be kept from the owner's account at ollama.com?</summary>
    NoCloud,

    /// <summary>May a program, an agent or a unit of FastGate's name be replaced that somebody else made?</summary>
    ReplaceForeign,

    /// <summary>May what the owner changed in FastGate's agent or unit be written anew?</summary>
    RewriteEdited,

    /// <summary>May the gate run without a session?</summary>
    Linger,

    /// <summary>Which rules take the place of HAProxy's?</summary>
    Rules,

    /// <summary>At which of the addresses that clients use does the gate listen?</summary>
    Listen,

    /// <summary>May requests go on in plain text to Ollama on another machine, as HAProxy sends them?</summary>
    TakeRemote,

    /// <summary>May the clients of today be cut off until their URL is changed?</summary>
    MoveClients,
}
