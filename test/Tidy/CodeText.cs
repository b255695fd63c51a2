using System.Text.RegularExpressions;

namespace FastGate.Test.Tidy;

/// <summary>
/// C# with comments and literals replaced by spaces; lines and columns stay the same. The expressions inside an
/// interpolated string are replaced too.
/// </summary>
internal static partial class CodeText
{
    public static string Of(string text) => Literal().Replace(text, m => NotNewLine().Replace(m.Value, " "));

    // In the order in which they must be tried: a raw literal begins like an ordinary one.
    [GeneratedRegex(
        """"
              //[^\n]*
            | /\*.*?\*/
            | \$*(?<q>"{3,}).*?(?<!")\k<q>(?!")
            | (?:@\$?|\$@)"(?:[^"]|"")*"
            | \$?"(?:\\.|[^"\\\n])*"
            | '(?:\\[^\n]|[^'\\\n])[^'\n]*'
            """",
        RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Literal();

    [GeneratedRegex(@"[^\n]")]
    private static partial Regex NotNewLine();
}
