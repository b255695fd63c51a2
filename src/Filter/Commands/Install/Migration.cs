using System.Text;
using FastGate.Commands.Install.Haproxy;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>What FastGate lets through in place of an HAProxy set-up, with the rules that would have to be added for
/// it.</summary>
internal sealed class Migration
{
    private const string Managing = "not what manages models or the server";

    private readonly HaproxyConfig _before;
    private readonly RuleSet _present;

    private Migration(HaproxyConfig before, IReadOnlyList<Rule> rules)
    {
        (_before, _present) = (before, RuleSet.Compile(rules));
        List<string> added = [];
        List<string> left = [];
        Rows = [.. before.Allows.Select(allow => Row(allow, allow.IsRest ? left : added))];
        Added = [.. added.Distinct()];
        Left = [.. left.Distinct().Except(Added)];
        if (!before.LeadsToOllama)
            return;
        Extra = [.. rules.Select(rule => Part(rule, method => Reaches(rule, method) != Truth.Yes)).OfType<string>()];
        Exact =
        [
            .. rules.Select(rule => Part(rule, method => Reaches(rule, method) == Truth.Yes)).OfType<string>(),
            .. Added,
        ];
    }

    /// <summary>For each thing that HAProxy sends to Ollama, what becomes of it.</summary>
    public IReadOnlyList<MigrationRow> Rows { get; }

    /// <summary>Rules that HAProxy's owner has and the present allowlist has not. None of them manages
    /// anything.</summary>
    public IReadOnlyList<string> Added { get; }

    /// <summary>What the present allowlist opens and HAProxy did not, or only to some.</summary>
    public IReadOnlyList<string> Extra { get; } = [];

    /// <summary>The rules that open what HAProxy named, and nothing else.</summary>
    public IReadOnlyList<string> Exact { get; } = [];

    /// <summary>What HAProxy let through without naming it, as rules. None of them manages anything.</summary>
    public IReadOnlyList<string> Left { get; }

    /// <param name="before">HAProxy's configuration.</param>
    /// <param name="present">The rules that FastGate would have without the move.</param>
    public static Migration Of(HaproxyConfig before, IReadOnlyList<Rule> present) => new(before, present);

    private MigrationRow Row(HaproxyAllow allow, List<string> missing)
    {
        List<string> had =
        [
            .. _present.Items.Select(rule => Part(rule, method => IsSent(allow, rule, method))).OfType<string>(),
        ];
        List<string> lacking = [];
        HashSet<ConfigLine> guards = [];
        ConfigLine? refusing = null;
        bool isManaging = false;
        foreach (OllamaRoute route in OllamaRoutes.All)
        {
            bool Lacks(string method) => IsSent(allow, route.Rule, method) && !IsPresent(route.Rule, method);
            if (route.IsManagement)
                isManaging |= route.Rule.Methods.Any(Lacks);
            else if (Part(route.Rule, Lacks) is { } rule)
                lacking.Add(rule);
            foreach (Passage passage in Passages(allow, route))
            {
                guards.UnionWith(passage.Guards);
                if (passage.Reaches == Truth.No)
                    refusing ??= passage.By;
            }
        }
        missing.AddRange(lacking);
        string asked =
            guards.Count == 0
                ? ""
                : $"not added, since it depends on {string.Join(", ", guards.Select(guard => guard.Place))}";
        string refused = isManaging ? Managing : "";
        if (allow.IsRest)
            return new MigrationRow(allow.Text, Rest(had, lacking, asked));
        string[] said =
        [
            .. had,
            .. lacking.Select(rule => $"{rule} (added)"),
            .. ((string[])[asked, refused]).Where(text => text.Length > 0),
        ];
        string after =
            had.Count + lacking.Count > 0 ? string.Join("; ", said)
            : said.Length > 0 ? $"nothing: {string.Join("; ", said)}"
            : refusing is not null ? $"nothing: HAProxy refuses it ({refusing.Place})"
            : Names(allow) ? "nothing: no request fulfils its condition"
            : "nothing: Ollama has no such route";
        return new MigrationRow(allow.Text, after);
    }

    private bool Names(HaproxyAllow allow) =>
        (
            from route in OllamaRoutes.All
            from method in route.Rule.Methods
            from path in SamplePaths.Of(route.Rule)
            select _before.Names(allow, method, path)
        ).Contains(Truth.Yes);

    private static string Rest(List<string> had, List<string> lacking, string asked)
    {
        string only = had.Count > 0 ? $"only {string.Join("; ", had)}" : "nothing of it";
        string depends = asked.Length > 0 ? $"; {asked}" : "";
        string not =
            lacking.Count > 0 ? $"; HAProxy lets through, but FastGate does not: {string.Join("; ", lacking)}" : "";
        return $"{only}{depends}{not}; {Managing}";
    }

    // What is meant by this line and surely reaches Ollama; of the rest only what no line before has named.
    private bool IsSent(HaproxyAllow allow, Rule rule, string method) =>
        SamplePaths
            .Of(rule)
            .All(path =>
                _before.Ask(method, path) is { Reaches: Truth.Yes } passage && IsMeant(allow, method, path, passage)
            );

    // A condition that looks at variables is only understood on the way through HAProxy's rules.
    private bool IsMeant(HaproxyAllow allow, string method, string path, Passage passage) =>
        _before.Means(allow, method, path) switch
        {
            Truth.Yes => !allow.IsRest || passage.By == allow.Line,
            Truth.Maybe => passage.By == allow.Line || passage.Guards.Contains(allow.Line),
            _ => false,
        };

    private IEnumerable<Passage> Passages(HaproxyAllow allow, OllamaRoute route) =>
        from method in route.Rule.Methods
        from path in SamplePaths.Of(route.Rule)
        let passage = _before.Ask(method, path)
        where
            passage.Reaches == Truth.No
                ? _before.Means(allow, method, path) != Truth.No
                : IsMeant(allow, method, path, passage)
        select passage;

    private Truth Reaches(Rule rule, string method) =>
        SamplePaths.Of(rule).Min(path => _before.Ask(method, path).Reaches);

    private bool IsPresent(Rule rule, string method) =>
        SamplePaths
            .Of(rule)
            .All(path => _present.Match(Encoding.ASCII.GetBytes(method), Encoding.ASCII.GetBytes(path)).Allowed);

    // The rule with the methods that are meant; null if none is.
    private static string? Part(Rule rule, Func<string, bool> isMeant)
    {
        string[] methods = [.. rule.Methods.Where(isMeant)];
        return methods.Length == 0 ? null : $"{string.Join(',', methods)} {rule.Path}";
    }
}

/// <summary>One line of what changes with the move from HAProxy.</summary>
/// <param name="Before">What HAProxy lets through.</param>
/// <param name="After">The rules that FastGate has in its place, or why it has none.</param>
internal readonly record struct MigrationRow(string Before, string After);
