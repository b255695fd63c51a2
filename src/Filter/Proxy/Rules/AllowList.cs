namespace FastGate.Proxy.Rules;

/// <summary>What the lines of an <c>allow</c> list, each a rule or the name of a profile, come to.</summary>
internal sealed class AllowList
{
    private readonly IReadOnlyList<Origin> _origins;

    internal AllowList(
        IReadOnlyList<Rule> rules,
        IReadOnlyList<Origin> origins,
        IReadOnlyList<AllowProblem> problems
    ) => (Rules, _origins, Problems) = (rules, origins, problems);

    /// <summary>
    /// The rules of all lines that could be read, in their order; those that <c>@browser</c> adds are last.
    /// </summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>Every line that could not be read.</summary>
    public IReadOnlyList<AllowProblem> Problems { get; }

    /// <summary>
    /// Expands the lines. A profile adds only what no line before it has given, so profiles combine in silence;
    /// <c>@browser</c> stands for OPTIONS on every other path, wherever it stands.
    /// </summary>
    public static AllowList Expand(IEnumerable<string> lines) => new AllowListBuilder().Build(lines);

    /// <summary>The index of the line that a rule comes from.</summary>
    public int LineOf(int ruleIndex) => _origins[ruleIndex].Line;

    /// <summary>Whether the rule comes from a profile rather than being written out.</summary>
    public bool IsFromProfile(int ruleIndex) => _origins[ruleIndex].IsProfile;

    /// <summary>
    /// The findings that the author of the lines can do something about: advice on a profile's rule is not.
    /// </summary>
    /// <param name="compiled">What <see cref="Rules"/> was compiled to.</param>
    public IEnumerable<RuleWarning> FindingsToReport(RuleSet compiled) =>
        compiled.Warnings.Where(finding => finding.IsLeftOut || !IsFromProfile(finding.RuleIndex));

    /// <summary>Where a rule comes from.</summary>
    internal readonly record struct Origin(int Line, bool IsProfile);
}
