using FastGate.Rules;

namespace FastGate.Install;

/// <summary>What FastGate lets through in place of an HAProxy set-up, with the rules that would have to be added for it.</summary>
internal sealed record Migration
{
    public required IReadOnlyList<MigrationRow> Rows { get; init; }

    /// <summary>Rules that HAProxy's owner has and the present allowlist has not. None of them manages anything.</summary>
    public required IReadOnlyList<string> Added { get; init; }

    /// <param name="before">HAProxy's configuration.</param>
    /// <param name="present">The rules that FastGate would have without the move.</param>
    public static Migration Of(HaproxyConfig before, IReadOnlyList<Rule> present)
    {
        List<string> added = [];
        List<MigrationRow> rows = [];
        foreach (HaproxyAllow allow in before.Allows)
        {
            Rule[] had = [.. present.Where(rule => IsMeant(allow, rule))];
            OllamaRoute[] missing = [.. OllamaRoutes.All.Where(route => IsMeant(allow, route.Rule) && !had.Any(rule => rule.Shape == route.Rule.Shape))];
            string[] rules = [.. missing.Where(route => !route.IsManagement).Select(route => route.Rule.ToString())];
            added.AddRange(rules);
            rows.Add(new MigrationRow(allow.ToString(), Said(had, rules, missing.Any(route => route.IsManagement))));
        }
        return new Migration { Rows = rows, Added = [.. added.Distinct()] };
    }

    private static string Said(Rule[] had, string[] added, bool isManagement)
    {
        string[] rules = [.. had.Select(rule => rule.ToString()), .. added.Select(rule => $"{rule} (added)")];
        string refused = isManagement ? "not what manages models or the server" : "";
        if (rules.Length == 0) return refused.Length > 0 ? $"nothing: {refused}" : "nothing: Ollama has no such route";
        return string.Join("; ", refused.Length > 0 ? [.. rules, refused] : rules);
    }

    private static bool IsMeant(HaproxyAllow allow, Rule rule) => allow.IsPrefix
        ? rule.Path.StartsWith(allow.Path, StringComparison.Ordinal)
        : rule.Path == allow.Path;
}
