namespace FastGate.Proxy.Gate;

/// <summary>What became of a request, and for an allowed one the rule that allowed it (-1 for none).</summary>
internal readonly record struct Verdict(VerdictKind Kind, int RuleIndex = -1);

/// <summary>What became of a request at the gate.</summary>
internal enum VerdictKind
{
    /// <summary>Not decided yet.</summary>
    None,
    Allowed,

    /// <summary>The head is malformed.</summary>
    Fault,

    /// <summary>The head was not complete in time.</summary>
    Timeout,

    /// <summary>No rule matches this path.</summary>
    Path,

    /// <summary>A rule matches this path, but none with this method.</summary>
    Method,

    /// <summary>A WebSocket is requested on a path that is open for POST.</summary>
    Upgrade,

    /// <summary>The host is not one of this machine's names.</summary>
    Host,

    /// <summary>Allowed, but Ollama is unreachable.</summary>
    Unavailable,

    /// <summary>Allowed, but the system has no descriptor or port left for a connection.</summary>
    Overloaded,
}

/// <summary>The word of each <see cref="VerdictKind"/>; the access log names the fault instead of
/// <c>head-fault</c>.</summary>
internal static class VerdictWords
{
    /// <summary>Indexed by the kind's number.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<VerdictKind>().Select(Of)];

    /// <summary>Whether the gate refused the request, indexed by the kind's number. A client that disconnected was not
    /// refused.</summary>
    public static IReadOnlyList<bool> IsRefusal { get; } =
    [
        .. Enum.GetValues<VerdictKind>()
            .Select(kind =>
                kind
                    is not (
                        VerdictKind.None
                        or VerdictKind.Allowed
                        or VerdictKind.Unavailable
                        or VerdictKind.Overloaded
                    )
            ),
    ];

    private static string Of(VerdictKind kind) =>
        kind switch
        {
            VerdictKind.Allowed => "allowed",
            VerdictKind.Path => "refused-path",
            VerdictKind.Method => "refused-method",
            VerdictKind.Upgrade => "refused-upgrade",
            VerdictKind.Host => "refused-host",
            VerdictKind.Unavailable => "unavailable",
            VerdictKind.Overloaded => "overloaded",
            VerdictKind.Timeout => "head-timeout",
            VerdictKind.Fault => "head-fault",
            _ => "head-incomplete",
        };
}
