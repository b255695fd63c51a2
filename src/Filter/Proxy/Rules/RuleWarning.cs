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
