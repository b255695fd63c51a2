namespace FastGate.Proxy.Rules;

/// <summary>The rules of an <c>allow</c> list, whose lines are rules or names of profiles.</summary>
internal sealed class AllowList
{
    private readonly IReadOnlyList<Origin> _origins;

    internal AllowList(
        IReadOnlyList<Rule> rules,
        IReadOnlyList<Origin> origins,
        IReadOnlyList<AllowProblem> problems
    ) => (Rules, _origins, Problems) = (rules, origins, problems);

    /// <summary>The rules of all valid lines, in their order; the ones that <c>@browser</c> adds are last.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>The invalid lines.</summary>
    public IReadOnlyList<AllowProblem> Problems { get; }

    /// <summary>
    /// Expands the profiles. A profile adds only what no earlier line allows, so profiles combine without warnings.
    /// <c>@browser</c> means OPTIONS on every other path of the list, wherever it stands in it.
    /// </summary>
    public static AllowList Expand(IEnumerable<string> lines) => new AllowListBuilder().Build(lines);

    /// <summary>The index of the line that a rule comes from.</summary>
    public int LineOf(int ruleIndex) => _origins[ruleIndex].Line;

    /// <summary>Whether the rule comes from a profile.</summary>
    public bool IsFromProfile(int ruleIndex) => _origins[ruleIndex].IsProfile;

    /// <summary>The warnings that the author of the list can act on, so none that is only advice about a profile's
    /// rule.</summary>
    /// <param name="compiled">The set compiled from <see cref="Rules"/>.</param>
    public IEnumerable<RuleWarning> WarningsToReport(RuleSet compiled) =>
        compiled.Warnings.Where(warning => warning.IsLeftOut || !IsFromProfile(warning.RuleIndex));

    /// <summary>The line that a rule comes from.</summary>
    internal readonly record struct Origin(int Line, bool IsProfile);
}

/// <summary>Collects the rules of an <see cref="AllowList"/> line by line.</summary>
internal sealed class AllowListBuilder
{
    private static readonly string[] Preflight = ["OPTIONS"];

    private readonly List<Rule> _rules = [];
    private readonly List<AllowList.Origin> _origins = [];
    private readonly List<AllowProblem> _problems = [];
    private readonly Dictionary<string, HashSet<string>> _methodsOfShape = new(StringComparer.Ordinal);

    public AllowList Build(IEnumerable<string> lines)
    {
        int? browserLine = null;
        foreach ((int line, string text) in lines.Index())
        {
            ReadOnlySpan<char> trimmed = text.AsSpan().Trim(" \t");
            if (trimmed.SequenceEqual(Profiles.Browser))
                browserLine ??= line;
            else if (trimmed.StartsWith('@'))
                AddProfile(trimmed.ToString(), line, column: text.IndexOf('@') + 1);
            else
                AddLine(text, line);
        }
        if (browserLine is int preflightLine)
            AddPreflights(preflightLine);
        return new AllowList(_rules, _origins, _problems);
    }

    private void AddLine(string text, int line)
    {
        if (Rule.TryParse(text, out Rule? rule, out RuleError error))
            Add(rule, new AllowList.Origin(line, IsProfile: false));
        else
            _problems.Add(new AllowProblem(line, error));
    }

    private void AddProfile(string name, int line, int column)
    {
        if (Profiles.TryGet(name, out IReadOnlyList<Rule>? profile))
        {
            foreach (Rule rule in profile)
                AddMissing(rule.Methods, rule, line);
            return;
        }
        string detail = NearestName.Of(name, Profiles.Names) is string nearest
            ? $"did you mean {nearest}?"
            : $"the profiles are {string.Join(", ", Profiles.Names)}";
        _problems.Add(new AllowProblem(line, new RuleError(RuleErrorKind.UnknownProfile, column, detail)));
    }

    private void AddPreflights(int line)
    {
        Rule[] others = [.. _rules.DistinctBy(rule => rule.Shape)];
        foreach (Rule rule in others)
            AddMissing(Preflight, rule, line);
    }

    private void AddMissing(IEnumerable<string> methods, Rule path, int line)
    {
        HashSet<string>? given = _methodsOfShape.GetValueOrDefault(path.Shape);
        string[] missing = [.. methods.Where(method => given is null || !given.Contains(method))];
        if (missing.Length > 0)
            Add(new Rule(missing, path.Segments), new AllowList.Origin(line, IsProfile: true));
    }

    private void Add(Rule rule, AllowList.Origin origin)
    {
        _rules.Add(rule);
        _origins.Add(origin);
        if (!_methodsOfShape.TryGetValue(rule.Shape, out HashSet<string>? given))
            _methodsOfShape.Add(rule.Shape, given = new(StringComparer.Ordinal));
        given.UnionWith(rule.Methods);
    }
}

/// <summary>A line of an <c>allow</c> list that is neither a rule nor a profile.</summary>
/// <param name="Line">The index of the line, from 0.</param>
/// <param name="Error">What is wrong with it.</param>
internal readonly record struct AllowProblem(int Line, RuleError Error);
