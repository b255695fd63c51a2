namespace FastGate.Proxy.Gate;

/// <summary>The word of each <see cref="VerdictKind"/>; the access log says more of a fault.</summary>
internal static class VerdictWords
{
    /// <summary>By the kind's number.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<VerdictKind>().Select(Of)];

    private static string Of(VerdictKind kind) =>
        kind switch
        {
            VerdictKind.Allowed => "allowed",
            VerdictKind.Path => "refused-path",
            VerdictKind.Method => "refused-method",
            VerdictKind.Upgrade => "refused-upgrade",
            VerdictKind.Host => "refused-host",
            VerdictKind.Unavailable => "unavailable",
            VerdictKind.Shortage => "shortage",
            VerdictKind.Late => "head-timeout",
            VerdictKind.Fault => "head-fault",
            _ => "head-incomplete",
        };
}
