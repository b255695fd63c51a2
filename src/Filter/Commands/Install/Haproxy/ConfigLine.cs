using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>A line of an HAProxy configuration that is not empty.</summary>
/// <param name="Location">The line number, with the file if there are several: <c>line 7</c>.</param>
/// <param name="Text">The line as written, safe to print.</param>
/// <param name="Words">The words, without quotes and comments.</param>
/// <param name="IsUnsure">Whether the line depends on an <c>.if</c> whose condition is unknown.</param>
internal sealed record ConfigLine(string Location, string Text, string[] Words, bool IsUnsure)
{
    private const int PrintableMax = 120;

    public string Keyword => Words[0];

    public override string ToString() => $"{Location}: {Text}";

    /// <summary>Makes a text safe to print: no control characters, no credentials, limited length.</summary>
    public static string ToPrintable(string text)
    {
        string printable = Credentials.Replace(
            string.Concat(text.Trim().Select(letter => char.IsControl(letter) ? ' ' : letter)),
            "$1…"
        );
        return printable.Length <= PrintableMax ? printable : $"{printable[..(PrintableMax - 1)]}…";
    }

    private static readonly Regex Credentials = new(
        @"((?:Bearer|Basic)(?:\\?\s)+|sk-)[^\s""'}]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    );
}

/// <summary>Splits a line of an HAProxy configuration into words (HAProxy configuration manual, 2.2 to 2.4).
/// Pure.</summary>
/// <remarks>
/// <list type="number">
/// <item>Blanks separate words. Outside quotes, <c>#</c> starts a comment, even inside a word.</item>
/// <item>Outside single quotes, a backslash escapes a blank, <c>#</c>, a backslash or a quote, and writes \n, \r, \t
/// and \xHH. Before any other character it is kept, so that <c>\.</c> in a regular expression survives.</item>
/// <item>Variables are expanded in double quotes (<c>$NAME</c>, <c>${NAME}</c>, <c>${NAME-default}</c>), and in
/// addresses also without quotes.</item>
/// </list>
/// </remarks>
internal ref struct LineSplitter
{
    /// <summary>Replaces the <c>$</c> of a variable whose value is unknown (a private-use character).</summary>
    public const char Unknown = '\uE000';

    private readonly ReadOnlySpan<char> _line;
    private readonly Func<string, string?> _variable;
    private readonly StringBuilder _word = new();
    private readonly List<string> _words = [];
    private int _at;
    private bool _hasWord;
    private bool _inSingleQuotes;
    private bool _inDoubleQuotes;

    private LineSplitter(ReadOnlySpan<char> line, Func<string, string?> variable)
    {
        _line = line;
        _variable = variable;
    }

    /// <param name="line">The line without its line ending.</param>
    /// <param name="variable">The value of an environment variable; null if unknown.</param>
    public static string[] Split(string line, Func<string, string?> variable)
    {
        LineSplitter reader = new(line, variable);
        reader.Read();
        return [.. reader._words];
    }

    private void Read()
    {
        for (; _at < _line.Length; _at++)
        {
            char letter = _line[_at];
            if (letter == '\\' && !_inSingleQuotes)
                Unescape();
            else if (letter == '"' && !_inSingleQuotes)
                _inDoubleQuotes = StartQuotes(!_inDoubleQuotes);
            else if (letter == '\'' && !_inDoubleQuotes)
                _inSingleQuotes = StartQuotes(!_inSingleQuotes);
            else if (letter == '#' && !_inSingleQuotes && !_inDoubleQuotes)
                break;
            else if (letter == '$' && !_inSingleQuotes)
                ExpandVariable();
            else if (letter is ' ' or '\t' or '\r' && !_inSingleQuotes && !_inDoubleQuotes)
                EndWord();
            else
                Add(letter);
        }
        EndWord();
    }

    private void Unescape()
    {
        char next = _at + 1 < _line.Length ? _line[_at + 1] : '\0';
        if (next is ' ' or '\\' or '#' or '"' || (next == '\'' && !_inDoubleQuotes) || (next == '$' && _inDoubleQuotes))
            AddEscaped(next, 1);
        else if (next == 'n')
            AddEscaped('\n', 1);
        else if (next == 'r')
            AddEscaped('\r', 1);
        else if (next == 't')
            AddEscaped('\t', 1);
        else if (
            next == 'x'
            && _at + 3 < _line.Length
            && byte.TryParse(
                _line.Slice(_at + 2, 2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out byte code
            )
        )
            AddEscaped((char)code, 3);
        else
            Add('\\');
    }

    private void ExpandVariable()
    {
        ReadOnlySpan<char> rest = _line[(_at + 1)..];
        bool braced = rest is ['{', ..];
        int length = braced ? rest.IndexOf('}') - 1 : LengthOfName(rest);
        // Without quotes and braces, a $ is more often the end of a regular expression than a variable.
        if (length <= 0 || (!braced && !_inDoubleQuotes))
        {
            Add('$');
            return;
        }
        string inside = rest.Slice(braced ? 1 : 0, length).ToString();
        int end = LengthOfName(inside);
        string name = inside[..end];
        string? value =
            _variable(name) ?? (inside.AsSpan(end) is ['-', .. var defaultValue] ? defaultValue.ToString() : null);
        _hasWord = true;
        _word.Append(value ?? $"{Unknown}{{{name}}}");
        _at += braced ? length + 2 : length;
    }

    private static int LengthOfName(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '_' or '.'))
            length++;
        return length;
    }

    private void AddEscaped(char letter, int escapeLength)
    {
        Add(letter);
        _at += escapeLength;
    }

    private void Add(char letter)
    {
        _hasWord = true;
        _word.Append(letter);
    }

    // An empty pair of quotes is an empty word.
    private bool StartQuotes(bool isOpen)
    {
        _hasWord = true;
        return isOpen;
    }

    private void EndWord()
    {
        if (_hasWord)
            _words.Add(_word.ToString());
        _word.Clear();
        _hasWord = false;
    }
}
