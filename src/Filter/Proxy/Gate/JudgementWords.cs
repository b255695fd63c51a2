namespace FastGate.Proxy.Gate;

/// <summary>The word of each <see cref="JudgementKind"/>; the access log says more of a fault.</summary>
internal static class JudgementWords
{
    /// <summary>By the kind's number.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<JudgementKind>().Select(Of)];

    private static string Of(JudgementKind kind) => kind switch
    {
        JudgementKind.Allowed => "allowed",
        JudgementKind.Path => "refused-path",
        JudgementKind.Method => "refused-method",
        JudgementKind.Upgrade => "refused-upgrade",
        JudgementKind.Host => "refused-host",
        JudgementKind.Unavailable => "unavailable",
        JudgementKind.Shortage => "shortage",
        JudgementKind.Late => "head-timeout",
        JudgementKind.Fault => "head-fault",
        _ => "head-incomplete",
    };
}
