namespace FastGate.Proxy.Rules;

/// <summary>What can be odd about a rule that is well written.</summary>
internal enum RuleWarningKind
{
    /// <summary>Earlier rules with the same path have all of its methods.</summary>
    Duplicate,

    /// <summary>Other rules with a wider path allow everything that it allows.</summary>
    Shadowed,

    /// <summary>A method has lower-case letters; methods are case-sensitive, and no client sends such a one.</summary>
    LowerCaseMethod,

    /// <summary>A method is none that Ollama or any client of it uses: most likely it is misspelled.</summary>
    UnknownMethod,

    /// <summary>
    /// The rule is left out and allows nothing: too many rules would fit one path (<see cref="Draft"/>).
    /// </summary>
    TooAmbiguous,
}
