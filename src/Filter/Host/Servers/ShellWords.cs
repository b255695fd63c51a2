using System.Text;
using System.Text.RegularExpressions;

namespace FastGate.Host.Servers;

/// <summary>
/// Cuts a shell's text into simple commands and their words (POSIX.1 XCU 2.3), as far as it takes to see what a service
/// starts and with which variables. What only a shell could know, such as <c>$(…)</c>, stays as it is written. Pure.
/// </summary>
internal static class ShellWords
{
    // Not generated: the name of generated code has the build's folder in it, and the same source gave another program.
    private static readonly Regex NotPlain = new("[^A-Za-z0-9_./:=@%+,-]", RegexOptions.CultureInvariant);
    private static readonly Regex Assignment = new(
        "^([A-Za-z_][A-Za-z0-9_]*)=(.*)\\z",
        RegexOptions.CultureInvariant | RegexOptions.Singleline
    );
    private static readonly Regex Reference = new(
        "\\$(?:([A-Za-z_][A-Za-z0-9_]*)|\\{([A-Za-z_][A-Za-z0-9_]*)\\})",
        RegexOptions.CultureInvariant
    );

    // What may stand before a command without being one.
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
                // A line that goes on in the next.
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

    /// <summary>Notes <c>NAME=value</c>, with the variables in it that are known; any other word is none.</summary>
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

    /// <summary>A word so that a shell reads it as it is: in single quotes, unless it is plain.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && !NotPlain.IsMatch(word) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
