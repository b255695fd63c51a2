using System.Text;
using FastGate.Commands.Install.Haproxy;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>What FastGate allows in place of an HAProxy configuration, and the rules that have to be added for
/// it.</summary>
internal sealed class Migration
{
    private const string ManagementText = "routes that manage models or the server are never added";

    private readonly HaproxyConfig _haproxy;
    private readonly RuleSet _current;

    private Migration(HaproxyConfig haproxy, IReadOnlyList<Rule> rules)
    {
        (_haproxy, _current) = (haproxy, RuleSet.Compile(rules));
        List<string> added = [];
        List<string> left = [];
        Rows = [.. haproxy.Allows.Select(allow => Row(allow, allow.IsRest ? left : added))];
        Added = [.. added.Distinct()];
        Unnamed = [.. left.Distinct().Except(Added)];
        if (!haproxy.LeadsToOllama)
            return;
        Extra =
        [
            .. rules.Select(rule => ForMethods(rule, method => Reaches(rule, method) != Truth.Yes)).OfType<string>(),
        ];
        Exact =
        [
            .. rules.Select(rule => ForMethods(rule, method => Reaches(rule, method) == Truth.Yes)).OfType<string>(),
            .. Added,
        ];
    }

    /// <summary>What FastGate allows instead of each thing that HAProxy forwards to Ollama.</summary>
    public IReadOnlyList<MigrationRow> Rows { get; }

    /// <summary>Rules that HAProxy has and the current allowlist lacks. None of them manages models or the
    /// server.</summary>
    public IReadOnlyList<string> Added { get; }

    /// <summary>What the current allowlist allows and HAProxy does not, or only to some clients.</summary>
    public IReadOnlyList<string> Extra { get; } = [];

    /// <summary>The rules that allow what HAProxy names, and nothing else.</summary>
    public IReadOnlyList<string> Exact { get; } = [];

    /// <summary>What HAProxy allows without naming it, as rules. None of them manages models or the server.</summary>
    public IReadOnlyList<string> Unnamed { get; }

    /// <param name="haproxy">HAProxy's configuration.</param>
    /// <param name="current">The rules that FastGate has without the migration.</param>
    public static Migration Of(HaproxyConfig haproxy, IReadOnlyList<Rule> current) => new(haproxy, current);

    private MigrationRow Row(HaproxyAllow allow, List<string> missingRules)
    {
        List<string> current =
        [
            .. _current.Items.Select(rule => ForMethods(rule, method => IsSent(allow, rule, method))).OfType<string>(),
        ];
        List<string> missing = [];
        HashSet<ConfigLine> guards = [];
        ConfigLine? refusing = null;
        bool isManaging = false;
        foreach (OllamaRoute route in OllamaRoutes.All)
        {
            bool IsMissing(string method) => IsSent(allow, route.Rule, method) && !IsAllowedNow(route.Rule, method);
            if (route.IsManagement)
                isManaging |= route.Rule.Methods.Any(IsMissing);
            else if (ForMethods(route.Rule, IsMissing) is { } rule)
                missing.Add(rule);
            foreach (TraceResult trace in Traces(allow, route))
            {
                guards.UnionWith(trace.Guards);
                if (trace.Reaches == Truth.No)
                    refusing ??= trace.DecidedBy;
            }
        }
        missingRules.AddRange(missing);
        string conditional =
            guards.Count == 0
                ? ""
                : $"not added, because it depends on {string.Join(", ", guards.Select(guard => guard.Location))}";
        string management = isManaging ? ManagementText : "";
        if (allow.IsRest)
            return new MigrationRow(allow.Text, DescribeRest(current, missing, conditional));
        string[] parts =
        [
            .. current,
            .. missing.Select(rule => $"{rule} (added)"),
            .. ((string[])[conditional, management]).Where(text => text.Length > 0),
        ];
        string after =
            current.Count + missing.Count > 0 ? string.Join("; ", parts)
            : parts.Length > 0 ? $"nothing: {string.Join("; ", parts)}"
            : refusing is not null ? $"nothing: HAProxy refuses it ({refusing.Location})"
            : Names(allow) ? "nothing: no request meets its condition"
            : "nothing: Ollama has no such route";
        return new MigrationRow(allow.Text, after);
    }

    private bool Names(HaproxyAllow allow) =>
        (
            from route in OllamaRoutes.All
            from method in route.Rule.Methods
            from path in SamplePaths.Of(route.Rule)
            select _haproxy.Names(allow, method, path)
        ).Contains(Truth.Yes);

    private static string DescribeRest(List<string> current, List<string> missing, string conditional)
    {
        string only = current.Count > 0 ? $"only {string.Join("; ", current)}" : "none of it";
        string depends = conditional.Length > 0 ? $"; {conditional}" : "";
        string notAllowed =
            missing.Count > 0 ? $"; allowed by HAProxy but not by FastGate: {string.Join("; ", missing)}" : "";
        return $"{only}{depends}{notAllowed}; {ManagementText}";
    }

    // What this line covers and certainly reaches Ollama; for "everything else" only what no earlier line names.
    private bool IsSent(HaproxyAllow allow, Rule rule, string method) =>
        SamplePaths
            .Of(rule)
            .All(path =>
                _haproxy.Trace(method, path) is { Reaches: Truth.Yes } trace && IsCovered(allow, method, path, trace)
            );

    // A condition on variables can only be evaluated while following HAProxy's rules.
    private bool IsCovered(HaproxyAllow allow, string method, string path, TraceResult trace) =>
        _haproxy.Matches(allow, method, path) switch
        {
            Truth.Yes => !allow.IsRest || trace.DecidedBy == allow.Line,
            Truth.Maybe => trace.DecidedBy == allow.Line || trace.Guards.Contains(allow.Line),
            _ => false,
        };

    private IEnumerable<TraceResult> Traces(HaproxyAllow allow, OllamaRoute route) =>
        from method in route.Rule.Methods
        from path in SamplePaths.Of(route.Rule)
        let trace = _haproxy.Trace(method, path)
        where
            trace.Reaches == Truth.No
                ? _haproxy.Matches(allow, method, path) != Truth.No
                : IsCovered(allow, method, path, trace)
        select trace;

    private Truth Reaches(Rule rule, string method) =>
        SamplePaths.Of(rule).Min(path => _haproxy.Trace(method, path).Reaches);

    private bool IsAllowedNow(Rule rule, string method) =>
        SamplePaths
            .Of(rule)
            .All(path => _current.Match(Encoding.ASCII.GetBytes(method), Encoding.ASCII.GetBytes(path)).Allowed);

    // The rule limited to the selected methods; null if none is selected.
    private static string? ForMethods(Rule rule, Func<string, bool> isSelected)
    {
        string[] methods = [.. rule.Methods.Where(isSelected)];
        return methods.Length == 0 ? null : $"{string.Join(',', methods)} {rule.Path}";
    }
}

/// <summary>One row of the migration table.</summary>
/// <param name="Before">What HAProxy allows.</param>
/// <param name="After">The rules that FastGate has instead, or why it has none.</param>
internal readonly record struct MigrationRow(string Before, string After);
