namespace FastGate.Commands.Doctor;

/// <summary>What a check is about, in the order in which they are made.</summary>
internal enum CheckGroup
{
    Service,
    Isolation,
    Refusals,
    HostNames,
    Ollama,
    OpenAi,
    Anthropic,
    Streaming,
    Performance,
    Network,
}
