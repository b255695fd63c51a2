namespace FastGate.Proxy.Rules;

/// <summary>The answer to one request. The default value is a refusal.</summary>
internal readonly record struct RouteMatch
{
    private readonly int _rulePlusOne;

    private RouteMatch(RouteMatchKind kind, int ruleIndex) => (Kind, _rulePlusOne) = (kind, ruleIndex + 1);

    public static RouteMatch UnknownPath => default;

    public static RouteMatch MethodNotAllowed => new(RouteMatchKind.MethodNotAllowed, -1);

    public RouteMatchKind Kind { get; }

    public bool Allowed => Kind == RouteMatchKind.Allowed;

    /// <summary>The index in <see cref="RuleSet.Rules"/> of the rule that allowed the request, or -1.</summary>
    public int RuleIndex => _rulePlusOne - 1;

    public static RouteMatch AllowedBy(int ruleIndex) => new(RouteMatchKind.Allowed, ruleIndex);
}
