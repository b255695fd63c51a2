namespace FastGate.Commands.Doctor;

/// <summary>One check of an installation. It changes nothing, and depends on no other check.</summary>
/// <param name="Id">Its name for programs, which never changes.</param>
/// <param name="Group">The group in which it is shown.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="RunAsync">Runs it. An exception fails this check only.</param>
internal sealed record DoctorCheck(
    string Id,
    CheckGroup Group,
    string Title,
    Func<CheckProbe, Task<CheckResult>> RunAsync
)
{
    public Needs Needs { get; init; }

    /// <summary>The listener of the plan that the check is about, if any.</summary>
    public int? Listener { get; init; }

    /// <summary>The check fails if it takes longer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);
}

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
