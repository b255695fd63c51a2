namespace FastGate.Proxy.Rules;

/// <summary>A warning about one rule of a <see cref="RuleSet"/>.</summary>
/// <param name="Kind">The kind of warning.</param>
/// <param name="RuleIndex">The index of the rule.</param>
/// <param name="OtherIndex">The index of the rule that makes it redundant, or -1.</param>
/// <param name="Message">What is wrong, and what to write instead.</param>
internal readonly record struct RuleWarning(RuleWarningKind Kind, int RuleIndex, int OtherIndex, string Message)
{
    /// <summary>The rule is not in force. All other warnings are advice.</summary>
    public bool IsLeftOut => Kind == RuleWarningKind.TooAmbiguous;
}

/// <summary>Finds redundant, misspelled and too ambiguous rules.</summary>
internal static class RuleWarnings
{
    // RFC 9110 §9.3 and RFC 5789 (PATCH). The other registered methods belong to WebDAV and similar extensions.
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
        List<RuleWarning> warnings = [];
        for (int index = 0; index < rules.Count; index++)
        {
            if (leftOut[index])
                warnings.Add(TooAmbiguous(rules, index));
            else if (Coverage.Find(draft.Root, rules[index], index) is int other)
                warnings.Add(Redundant(rules, index, other));

            if (rules[index].Methods.FirstOrDefault(HasLowerCase) is string method)
                warnings.Add(LowerCaseMethod(index, method));
            foreach (string unknown in rules[index].Methods.Where(IsUnknown))
                warnings.Add(UnknownMethod(index, unknown));
        }
        return [.. warnings];
    }

    private static RuleWarning TooAmbiguous(IReadOnlyList<Rule> rules, int index) =>
        new(
            RuleWarningKind.TooAmbiguous,
            index,
            -1,
            $"\"{rules[index]}\" is left out, since one path could match more than {Draft.BranchesMax} rules; "
                + "use fewer parameters where other rules have literal segments, or one wider rule"
        );

    private static RuleWarning Redundant(IReadOnlyList<Rule> rules, int index, int other) =>
        rules[index].Shape == rules[other].Shape
            ? new(RuleWarningKind.Duplicate, index, other, $"\"{rules[index]}\" repeats \"{rules[other]}\"; remove it")
            : new(
                RuleWarningKind.Shadowed,
                index,
                other,
                $"\"{rules[index]}\" allows nothing that \"{rules[other]}\" does not allow too; remove one of them"
            );

    private static RuleWarning LowerCaseMethod(int index, string method) =>
        new(
            RuleWarningKind.LowerCaseMethod,
            index,
            -1,
            $"the method {method} has lowercase letters, but methods are case-sensitive; "
                + $"write {method.ToUpperInvariant()}"
        );

    private static RuleWarning UnknownMethod(int index, string method)
    {
        string hint = NearestName.Of(method, UsualMethods) is string nearest
            ? $"did you mean {nearest}?"
            : $"the usual methods are {string.Join(", ", UsualMethods)}";
        return new RuleWarning(
            RuleWarningKind.UnknownMethod,
            index,
            -1,
            $"no Ollama client sends the method {method}; {hint}"
        );
    }

    private static bool IsUnknown(string method) => !UsualMethods.Contains(method.ToUpperInvariant());

    private static bool HasLowerCase(string method) => method.Any(char.IsAsciiLetterLower);
}

/// <summary>The kinds of warnings about a valid rule.</summary>
internal enum RuleWarningKind
{
    /// <summary>Other rules with the same path have all of its methods.</summary>
    Duplicate,

    /// <summary>Other rules with a wider path allow everything that it allows.</summary>
    Shadowed,

    /// <summary>A method has lowercase letters; methods are case-sensitive, and no client sends one like it.</summary>
    LowerCaseMethod,

    /// <summary>No Ollama client uses the method, so it is probably misspelled.</summary>
    UnknownMethod,

    /// <summary>
    /// The rule is left out and allows nothing, since too many rules would match one path (see <see cref="Draft"/>).
    /// </summary>
    TooAmbiguous,
}
