using System.Text;
using System.Text.RegularExpressions;

namespace FastGate.Host.Servers;

/// <summary>
/// Splits the text of a shell into simple commands and their words (POSIX.1 XCU 2.3), as far as needed to find out what
/// a service starts and with which variables. What only a shell can evaluate, such as <c>$(…)</c>, stays as it is.
/// Pure.
/// </summary>
internal static class ShellWords
{
    // Not generated: the names in generated code contain the build's folder, and the same source gave another program.
    private static readonly Regex NotPlain = new("[^A-Za-z0-9_./:=@%+,~-]", RegexOptions.CultureInvariant);
    private static readonly Regex Assignment = new(
        "^([A-Za-z_][A-Za-z0-9_]*)=(.*)\\z",
        RegexOptions.CultureInvariant | RegexOptions.Singleline
    );
    private static readonly Regex Reference = new(
        "\\$(?:([A-Za-z_][A-Za-z0-9_]*)|\\{([A-Za-z_][A-Za-z0-9_]*)\\})",
        RegexOptions.CultureInvariant
    );

    // Words that can precede a command.
    private static readonly string[] Reserved =
    [
        "{",
        "}",
        "!",
        "if",
        "then",
        "else",
        "elif",
        "do",
        "while",
        "until",
        "time",
    ];

    public static IReadOnlyList<List<string>> CommandsOf(string text)
    {
        List<List<string>> commands =
        [
            [],
        ];
        StringBuilder word = new();
        bool isWord = false;
        char quote = '\0';
        for (int n = 0; n < text.Length; n++)
        {
            char letter = text[n];
            if (quote == '\'' || (quote == '"' && letter is not ('\\' or '"')))
            {
                if (letter == quote)
                    quote = '\0';
                else
                    word.Append(letter);
            }
            else if (letter == '\\' && n + 1 < text.Length)
            {
                n++;
                // A line that continues on the next.
                if (text[n] == '\n')
                    continue;
                if (quote == '"' && text[n] is not ('"' or '\\' or '$' or '`'))
                    word.Append('\\');
                word.Append(text[n]);
                isWord = true;
            }
            else if (letter is '\'' or '"')
            {
                quote = quote == letter ? '\0' : letter;
                isWord = true;
            }
            else if (letter == '#' && !isWord)
            {
                while (n + 1 < text.Length && text[n + 1] != '\n')
                    n++;
            }
            else if (
                letter is ' ' or '\t' or '\r' or '\n' or ';' or '&' or '|' or '(' or ')'
                && !(letter == '(' && word is [.., '$'])
            )
            {
                End();
                if (letter is not (' ' or '\t' or '\r') && commands[^1].Count > 0)
                    commands.Add([]);
            }
            else
            {
                word.Append(letter);
                isWord = true;
            }
        }
        End();
        return commands;

        void End()
        {
            if (isWord && !(commands[^1].Count == 0 && Reserved.Contains(word.ToString())))
                commands[^1].Add(word.ToString());
            word.Clear();
            isWord = false;
        }
    }

    /// <summary>Records <c>NAME=value</c> and expands the variables in it that are known; false for any other
    /// word.</summary>
    public static bool TryAssign(string word, IDictionary<string, string?> variables)
    {
        if (Assignment.Match(word) is not { Success: true } match)
            return false;
        variables[match.Groups[1].Value] = Reference.Replace(
            match.Groups[2].Value,
            reference =>
                variables.TryGetValue(reference.Groups[1].Value + reference.Groups[2].Value, out string? known)
                    ? known ?? ""
                    : reference.Value
        );
        return true;
    }

    /// <summary>Quotes a word for a shell: in single quotes, unless it is plain. A <c>~</c> stays, so that the
    /// shell expands it.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && !NotPlain.IsMatch(word) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
