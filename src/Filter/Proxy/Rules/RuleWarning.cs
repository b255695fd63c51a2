namespace FastGate.Proxy.Rules;

/// <summary>Something odd about one rule of a <see cref="RuleSet"/>.</summary>
/// <param name="Kind">What is odd.</param>
/// <param name="RuleIndex">The rule.</param>
/// <param name="OtherIndex">The rule that makes it needless, or -1.</param>
/// <param name="Message">What is odd, and what to write instead.</param>
internal readonly record struct RuleWarning(RuleWarningKind Kind, int RuleIndex, int OtherIndex, string Message)
{
    /// <summary>The rule is not in force; the other kinds are advice.</summary>
    public bool IsLeftOut => Kind == RuleWarningKind.TooAmbiguous;
}

/// <summary>Looks for what is odd about the rules of one list.</summary>
internal static class RuleWarnings
{
    // RFC 9110 §9.3 and RFC 5789 (PATCH). What else is registered belongs to WebDAV and the like.
    private static readonly string[] UsualMethods =
    [
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "TRACE",
        "CONNECT",
    ];

    public static RuleWarning[] Of(IReadOnlyList<Rule> rules, IReadOnlyList<bool> leftOut, Draft draft)
    {
        List<RuleWarning> findings = [];
        for (int index = 0; index < rules.Count; index++)
        {
            if (leftOut[index])
                findings.Add(TooAmbiguous(rules, index));
            else if (Coverage.Find(draft.Root, rules[index], index) is int other)
                findings.Add(Needless(rules, index, other));

            if (rules[index].Methods.FirstOrDefault(HasLowerCase) is string method)
                findings.Add(LowerCaseMethod(index, method));
            foreach (string unknown in rules[index].Methods.Where(IsUnknown))
                findings.Add(UnknownMethod(index, unknown));
        }
        return [.. findings];
    }

    private static RuleWarning TooAmbiguous(IReadOnlyList<Rule> rules, int index) =>
        new(
            RuleWarningKind.TooAmbiguous,
            index,
            -1,
            $"\"{rules[index]}\" is left out: one path could fit more than {Draft.BranchesMax} rules. "
                + "Write fewer parameters where other rules have literal segments, or one wider rule"
        );

    private static RuleWarning Needless(IReadOnlyList<Rule> rules, int index, int other) =>
        rules[index].Shape == rules[other].Shape
            ? new(RuleWarningKind.Duplicate, index, other, $"\"{rules[index]}\" repeats \"{rules[other]}\": remove it")
            : new(
                RuleWarningKind.Shadowed,
                index,
                other,
                $"\"{rules[index]}\" allows nothing that \"{rules[other]}\" does not allow: remove one of them"
            );

    private static RuleWarning LowerCaseMethod(int index, string method) =>
        new(
            RuleWarningKind.LowerCaseMethod,
            index,
            -1,
            $"the method {method} has lower-case letters, and methods are case-sensitive: "
                + $"write {method.ToUpperInvariant()}"
        );

    private static RuleWarning UnknownMethod(int index, string method)
    {
        string meant = NearestName.Of(method, UsualMethods) is string nearest
            ? $"did you mean {nearest}?"
            : $"the usual ones are {string.Join(", ", UsualMethods)}";
        return new RuleWarning(
            RuleWarningKind.UnknownMethod,
            index,
            -1,
            $"no client of Ollama sends the method {method}: {meant}"
        );
    }

    private static bool IsUnknown(string method) => !UsualMethods.Contains(method.ToUpperInvariant());

    private static bool HasLowerCase(string method) => method.Any(char.IsAsciiLetterLower);
}
