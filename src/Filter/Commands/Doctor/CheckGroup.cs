namespace FastGate.Commands.Doctor;

/// <summary>The subject of a check. Groups are shown in this order.</summary>
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

/// <summary>The names of the groups: a word for programs, and a heading for people.</summary>
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
            CheckGroup.Refusals => "Refusals",
            CheckGroup.HostNames => "Host names",
            CheckGroup.Ollama => "Ollama API",
            CheckGroup.OpenAi => "OpenAI API",
            CheckGroup.Anthropic => "Anthropic API",
            CheckGroup.Streaming => "Streaming",
            CheckGroup.Performance => "Performance",
            _ => "Network",
        };
}
