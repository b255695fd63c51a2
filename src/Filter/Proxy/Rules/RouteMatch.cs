namespace FastGate.Proxy.Rules;

/// <summary>The result of matching one request with the rules. The default value is a refusal.</summary>
internal readonly record struct RouteMatch
{
    private readonly int _rulePlusOne;

    private RouteMatch(RouteMatchKind kind, int ruleIndex) => (Kind, _rulePlusOne) = (kind, ruleIndex + 1);

    public static RouteMatch UnknownPath => default;

    public static RouteMatch MethodNotAllowed => new(RouteMatchKind.MethodNotAllowed, -1);

    public RouteMatchKind Kind { get; }

    public bool Allowed => Kind == RouteMatchKind.Allowed;

    /// <summary>The index in <see cref="RuleSet.Items"/> of the rule that allowed the request, or -1.</summary>
    public int RuleIndex => _rulePlusOne - 1;

    public static RouteMatch AllowedBy(int ruleIndex) => new(RouteMatchKind.Allowed, ruleIndex);
}

/// <summary>The kinds of <see cref="RouteMatch"/>.</summary>
internal enum RouteMatchKind
{
    /// <summary>No rule has the path.</summary>
    UnknownPath,

    /// <summary>Some rule has the path, but none has it with this method.</summary>
    MethodNotAllowed,

    /// <summary>A rule allows the request.</summary>
    Allowed,
}
