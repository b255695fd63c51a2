using System.Globalization;
using System.Text;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>Splits a line of an HAProxy configuration into words (its configuration manual, 2.2 to 2.4). Pure.</summary>
/// <remarks>
/// <list type="number">
/// <item>Blanks separate words; <c>#</c> outside quotes starts a comment, also inside a word.</item>
/// <item>A backslash outside single quotes escapes a blank, <c>#</c>, a backslash or a quote, and writes \n, \r, \t, \xHH;
/// before anything else it stays, so that <c>\.</c> in a regular expression survives.</item>
/// <item>Variables are replaced in double quotes (<c>$NAME</c>, <c>${NAME}</c>, <c>${NAME-default}</c>), and in addresses
/// also without quotes.</item>
/// </list>
/// </remarks>
internal ref struct Words
{
    /// <summary>Stands for the <c>$</c> of a variable whose value is unknown (a private-use character).</summary>
    public const char Unknown = '\uE000';

    private readonly ReadOnlySpan<char> line;
    private readonly Func<string, string?> variable;
    private readonly StringBuilder word = new();
    private readonly List<string> words = [];
    private int at;
    private bool started;
    private bool single;
    private bool twofold;

    private Words(ReadOnlySpan<char> line, Func<string, string?> variable)
    {
        this.line = line;
        this.variable = variable;
    }

    /// <param name="line">Without its line end.</param>
    /// <param name="variable">The value of an environment variable; null if it is unknown.</param>
    public static string[] Split(string line, Func<string, string?> variable)
    {
        Words reader = new(line, variable);
        reader.Read();
        return [.. reader.words];
    }

    private void Read()
    {
        for (; at < line.Length; at++)
        {
            char letter = line[at];
            if (letter == '\\' && !single) Escape();
            else if (letter == '"' && !single) twofold = Start(!twofold);
            else if (letter == '\'' && !twofold) single = Start(!single);
            else if (letter == '#' && !single && !twofold) break;
            else if (letter == '$' && !single) Variable();
            else if (letter is ' ' or '\t' or '\r' && !single && !twofold) End();
            else Add(letter);
        }
        End();
    }

    private void Escape()
    {
        char next = at + 1 < line.Length ? line[at + 1] : '\0';
        if (next is ' ' or '\\' or '#' or '"' || (next == '\'' && !twofold) || (next == '$' && twofold)) Take(next, 1);
        else if (next == 'n') Take('\n', 1);
        else if (next == 'r') Take('\r', 1);
        else if (next == 't') Take('\t', 1);
        else if (next == 'x' && at + 3 < line.Length
            && byte.TryParse(line.Slice(at + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte code))
            Take((char)code, 3);
        else Add('\\');
    }

    private void Variable()
    {
        ReadOnlySpan<char> rest = line[(at + 1)..];
        bool braced = rest is ['{', ..];
        int length = braced ? rest.IndexOf('}') - 1 : LengthOfName(rest);
        // Without quotes and braces a $ is more often the end of a regular expression than a variable.
        if (length <= 0 || (!braced && !twofold))
        {
            Add('$');
            return;
        }
        string inside = rest.Slice(braced ? 1 : 0, length).ToString();
        int end = LengthOfName(inside);
        string name = inside[..end];
        string? value = variable(name) ?? (inside.AsSpan(end) is ['-', .. var usual] ? usual.ToString() : null);
        started = true;
        word.Append(value ?? $"{Unknown}{{{name}}}");
        at += braced ? length + 2 : length;
    }

    private static int LengthOfName(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '_' or '.')) length++;
        return length;
    }

    private void Take(char letter, int more)
    {
        Add(letter);
        at += more;
    }

    private void Add(char letter)
    {
        started = true;
        word.Append(letter);
    }

    // Quotes alone are an empty word.
    private bool Start(bool on)
    {
        started = true;
        return on;
    }

    private void End()
    {
        if (started) words.Add(word.ToString());
        word.Clear();
        started = false;
    }
}
