using System.Text.RegularExpressions;

namespace FastGate.Test.Tidy;

/// <summary>Where a type is declared: its name and the line, counted from 0.</summary>
internal readonly partial record struct TypeDeclaration(string Name, int Line)
{
    /// <param name="code">Without comments and literals.</param>
    public static IEnumerable<TypeDeclaration> In(string code) =>
        from match in Declaration().Matches(code)
        let name = match.Groups["name"]
        select new TypeDeclaration(name.Value, code.AsSpan(..name.Index).Count('\n'));

    [GeneratedRegex(
        """
            ^[ \t]* (?:\[[^\n]*\][ \t]*)?
            (?:(?:public|internal|private|protected|file|static|sealed|abstract|readonly|ref|partial|new)\s+)*
            (?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w.<>\[\]?, ]+?)
            \s+ (?<name>[A-Z]\w*) \s* (?=[(<:{;\n\r]|where\b|$)
            """,
        RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Declaration();
}
