namespace FastGate.Proxy.Rules;

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
        string nearest = NearestName.Of(name, Profiles.Names) is string known
            ? $"{name}; did you mean {known}?"
            : $"{name}; the profiles are {string.Join(", ", Profiles.Names)}";
        _problems.Add(new AllowProblem(line, new RuleError(RuleErrorKind.UnknownProfile, column, nearest)));
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
