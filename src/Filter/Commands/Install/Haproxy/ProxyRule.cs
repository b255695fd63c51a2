namespace FastGate.Commands.Install.Haproxy;

/// <summary>What a rule does with a request that meets its condition.</summary>
internal enum ProxyAction
{
    /// <summary>HAProxy responds itself or closes the connection: the request reaches no server.</summary>
    End,

    /// <summary>The rest of the rules of this phase are skipped.</summary>
    Accept,

    /// <summary>The path changes.</summary>
    Rewrite,

    /// <summary>A variable is set for later conditions.</summary>
    SetVariable,

    /// <summary>The request continues unchanged.</summary>
    Other,
}

/// <summary>A rule that accepts, refuses or changes requests.</summary>
/// <param name="Line">The line of the rule.</param>
/// <param name="Phase">The phase; rules of an earlier phase apply first.</param>
/// <param name="Action">What it does.</param>
/// <param name="Condition">When it applies.</param>
/// <param name="Words">The action and its arguments.</param>
internal sealed record ProxyRule(
    ConfigLine Line,
    int Phase,
    ProxyAction Action,
    Condition Condition,
    IReadOnlyList<string> Words
)
{
    private static readonly string[] Ends =
    [
        "deny",
        "reject",
        "return",
        "tarpit",
        "auth",
        "redirect",
        "use-service",
        "silent-drop",
        "block",
    ];
    private static readonly string[] Rewrites =
    [
        "set-path",
        "set-pathq",
        "set-uri",
        "replace-path",
        "replace-pathq",
        "replace-uri",
        "set-method",
        "normalize-uri",
    ];
    private static readonly string[] Sets = ["http-request", "tcp-request connection", "tcp-request session"];

    /// <summary>Reads a rule; null if the line is not one.</summary>
    public static ProxyRule? Parse(ConfigLine line, Acls acls)
    {
        (int phase, string[] action) = line.Words switch
        {
            ["tcp-request", "connection", .. var rest] => (0, rest),
            ["tcp-request", "session", .. var rest] => (1, rest),
            ["tcp-request", "content", .. var rest] => (2, rest),
            // Older HAProxy versions have this one.
            ["block", ..] => (3, line.Words),
            ["http-request", .. var rest] => (4, rest),
            ["redirect", ..] => (5, line.Words),
            _ => (-1, Array.Empty<string>()),
        };
        if (phase < 0 || action.Length == 0)
            return null;
        (IReadOnlyList<string> words, Condition condition) = Condition.Split(action, acls, line.IsUnsure);
        string verb = words[0];
        ProxyAction change =
            Ends.Contains(verb) ? ProxyAction.End
            : verb is "allow" or "accept" ? ProxyAction.Accept
            : Rewrites.Contains(verb) ? ProxyAction.Rewrite
            : verb.StartsWith("set-var(", StringComparison.Ordinal) ? ProxyAction.SetVariable
            : ProxyAction.Other;
        return new ProxyRule(line, phase, change, condition, words);
    }

    /// <summary>Why the rule is not migrated; null if it is, or if nothing is lost.</summary>
    public string? NotMigratedReason =>
        Action switch
        {
            ProxyAction.Rewrite => "FastGate does not rewrite paths: clients have to use Ollama's own",
            ProxyAction.End when Words[0] is "return" or "use-service" or "redirect" && !Refuses =>
                "HAProxy responds to this itself; FastGate does not",
            ProxyAction.End when LimitsLoad => "a limit that FastGate does not have",
            ProxyAction.Other
                when Words[0].StartsWith("track-sc", StringComparison.Ordinal)
                    || Words[0] is "capture" or "inspect-delay" => null,
            // FastGate sets Host too.
            ProxyAction.Other
                when Words is ["set-header", var name, ..] && name.Equals("host", StringComparison.OrdinalIgnoreCase) =>
                null,
            ProxyAction.Other when Words[0].Contains("header", StringComparison.Ordinal) =>
                "FastGate changes no header except Host",
            ProxyAction.Other when Words[0].StartsWith("cache-", StringComparison.Ordinal) =>
                "FastGate does not cache responses",
            ProxyAction.Other when Words[0].StartsWith("sc-", StringComparison.Ordinal) => null,
            ProxyAction.Other
                when Words[0]
                    is "set-log-level"
                        or "set-nice"
                        or "set-tos"
                        or "set-mark"
                        or "wait-for-body"
                        or "disable-l7-retry"
                        or "wait-for-handshake"
                        or "set-timeout"
                        or "expect-proxy" => null,
            ProxyAction.Other => "FastGate has no equivalent",
            _ => null,
        };

    // "return status 403" is a refusal too.
    private bool Refuses =>
        Words.ToList().IndexOf("status") is var at and > 0 && at + 1 < Words.Count && Words[at + 1] is ['4' or '5', ..];

    private bool LimitsLoad =>
        Condition
            .Terms.SelectMany(term => term)
            .SelectMany(literal => literal.Any)
            .Any(criterion => criterion.Fetch.IsLoad);

    /// <summary>Whether the line belongs to a rule set, so that a line that cannot be read there matters.</summary>
    public static bool IsRuleSet(ConfigLine line) =>
        Sets.Any(set => string.Join(' ', line.Words.Take(2)).StartsWith(set, StringComparison.Ordinal));
}

/// <summary>A backend that requests are forwarded to.</summary>
/// <param name="Line">The <c>use_backend</c> or <c>default_backend</c> line; for a <c>listen</c> section its
/// heading.</param>
/// <param name="Backend">The name of the backend.</param>
/// <param name="Condition">When it applies; <see cref="Condition.None"/> for everything that is left.</param>
/// <param name="IsRest">Whether it takes what no earlier line took.</param>
internal sealed record Target(ConfigLine Line, string Backend, Condition Condition, bool IsRest);
