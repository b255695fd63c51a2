using System.Numerics;

namespace FastGate.Proxy.Rules;

/// <summary>Finds the shortest <c>allow</c> list that allows exactly the given requests.</summary>
internal static class SmallestAllowList
{
    // The order of RFC 9110 §9.3; other methods follow.
    private static readonly string[] MethodOrder = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private const string Preflight = "OPTIONS";

    /// <summary>Returns the lines: profiles first, then rules sorted by path.</summary>
    /// <param name="needed">The requests to allow; rules may repeat and overlap.</param>
    public static IReadOnlyList<string> Of(IEnumerable<Rule> needed)
    {
        Rule[] rules = [.. needed];
        HashSet<Pair> pairs = [.. PairsOf(rules)];
        // A profile that allows anything else is left out, so every combination allows exactly the same.
        string[] fitting =
        [
            .. Profiles.Names.Where(name => name != Profiles.Browser && pairs.IsSupersetOf(PairsOf(name))),
        ];
        bool[] browser = FitsBrowser(pairs) ? [false, true] : [false];
        // A path that no candidate has costs one line whatever is chosen, and there may be thousands.
        HashSet<string> shapes = [.. fitting.SelectMany(PairsOf).Select(pair => pair.Shape)];
        ILookup<bool, Pair> within = pairs.ToLookup(pair => shapes.Contains(pair.Shape));
        Choice best = Enumerable
            .Range(0, 1 << fitting.Length)
            .SelectMany(_ => browser, (set, withBrowser) => Choose(within[true], fitting, set, withBrowser))
            .OrderBy(choice => choice.Lines)
            .ThenBy(choice => choice.Profiles.Count)
            .First();
        IEnumerable<Pair> rest = best.Rest.Concat(
            within[false].Where(pair => !best.IsWithBrowser || pair.Method != Preflight)
        );
        return
        [
            .. best.Profiles,
            .. Write(rest, rules.DistinctBy(rule => rule.Shape).ToDictionary(rule => rule.Shape)),
        ];
    }

    private static Choice Choose(IEnumerable<Pair> pairs, string[] fitting, int set, bool withBrowser)
    {
        List<string> chosen = new(BitOperations.PopCount((uint)set) + 1);
        HashSet<Pair> rest = [.. pairs];
        for (int bit = 0; bit < fitting.Length; bit++)
        {
            if ((set >> bit & 1) == 0)
                continue;
            chosen.Add(fitting[bit]);
            rest.ExceptWith(PairsOf(fitting[bit]));
        }
        if (withBrowser)
        {
            chosen.Add(Profiles.Browser);
            rest.RemoveWhere(pair => pair.Method == Preflight);
        }
        return new Choice(chosen, withBrowser, rest, chosen.Count + rest.Select(pair => pair.Shape).Distinct().Count());
    }

    /// <summary>Whether <c>@browser</c> allows nothing else: each path needs OPTIONS and another method.</summary>
    private static bool FitsBrowser(HashSet<Pair> pairs) =>
        pairs.Count > 0
        && pairs
            .GroupBy(pair => pair.Shape)
            .All(path => path.Any(pair => pair.Method == Preflight) && path.Any(pair => pair.Method != Preflight));

    private static IEnumerable<string> Write(IEnumerable<Pair> rest, Dictionary<string, Rule> rules) =>
        from pair in rest
        group pair.Method by pair.Shape into path
        let rule = rules[path.Key]
        orderby rule.Path
        select new Rule(
            [.. path.OrderBy(Place).ThenBy(method => method, StringComparer.Ordinal)],
            rule.Segments
        ).ToString();

    private static int Place(string method) =>
        Array.IndexOf(MethodOrder, method) is >= 0 and var place ? place : MethodOrder.Length;

    private static IEnumerable<Pair> PairsOf(string profile) =>
        Profiles.TryGet(profile, out IReadOnlyList<Rule>? rules) ? PairsOf(rules) : [];

    private static IEnumerable<Pair> PairsOf(IEnumerable<Rule> rules) =>
        from rule in rules
        from method in rule.Methods
        select new Pair(method, rule.Shape);

    /// <summary>One method on the paths of one shape; a list allows a set of these.</summary>
    private readonly record struct Pair(string Method, string Shape);

    /// <summary>A choice of profiles, and the requests that are left for rules.</summary>
    private sealed record Choice(IReadOnlyList<string> Profiles, bool IsWithBrowser, HashSet<Pair> Rest, int Lines);
}
