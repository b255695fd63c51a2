namespace FastGate.Proxy.Rules;

/// <summary>The answer to one request. The default value is a refusal.</summary>
internal readonly record struct Verdict
{
    private readonly int rulePlusOne;

    private Verdict(VerdictKind kind, int ruleIndex) => (Kind, rulePlusOne) = (kind, ruleIndex + 1);

    public static Verdict UnknownPath => default;

    public static Verdict MethodNotAllowed => new(VerdictKind.MethodNotAllowed, -1);

    public VerdictKind Kind { get; }

    public bool Allowed => Kind == VerdictKind.Allowed;

    /// <summary>The index in <see cref="RuleSet.Rules"/> of the rule that allowed the request, or -1.</summary>
    public int RuleIndex => rulePlusOne - 1;

    public static Verdict AllowedBy(int ruleIndex) => new(VerdictKind.Allowed, ruleIndex);
}
