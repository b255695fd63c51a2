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

/// <summary>What the groups are called: one word for programs, and one heading for people.</summary>
internal static class CheckGroups
{
    public static string WordOf(CheckGroup group) =>
        group switch
        {
            CheckGroup.Service => "service",
            CheckGroup.Isolation => "isolation",
            CheckGroup.Refusals => "refusals",
            CheckGroup.HostNames => "host-names",
            CheckGroup.Ollama => "ollama",
            CheckGroup.OpenAi => "openai",
            CheckGroup.Anthropic => "anthropic",
            CheckGroup.Streaming => "streaming",
            CheckGroup.Performance => "performance",
            _ => "network",
        };

    public static string HeadingOf(CheckGroup group) =>
        group switch
        {
            CheckGroup.Service => "Service",
            CheckGroup.Isolation => "Isolation",
            CheckGroup.Refusals => "What has to be refused",
            CheckGroup.HostNames => "Host names",
            CheckGroup.Ollama => "Ollama's own API",
            CheckGroup.OpenAi => "OpenAI API",
            CheckGroup.Anthropic => "Anthropic API",
            CheckGroup.Streaming => "Streaming",
            CheckGroup.Performance => "Performance",
            _ => "Network",
        };
}
