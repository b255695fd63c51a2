using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>A line that is not empty.</summary>
/// <param name="Place">Its number, and its file when there are several: <c>line 7</c>.</param>
/// <param name="Text">As it was written, fit to be shown.</param>
/// <param name="Words">Without quotes and comments.</param>
/// <param name="IsUnsure">It stands below an <c>.if</c> whose condition is unknown.</param>
internal sealed record ConfigLine(string Place, string Text, string[] Words, bool IsUnsure)
{
    private const int ShownMax = 120;

    public string Keyword => Words[0];

    public override string ToString() => $"{Place}: {Text}";

    /// <summary>The text for a terminal: no control characters, no credentials, not too long.</summary>
    public static string Show(string text)
    {
        string shown = Credentials.Replace(
            string.Concat(text.Trim().Select(letter => char.IsControl(letter) ? ' ' : letter)),
            "$1…"
        );
        return shown.Length <= ShownMax ? shown : $"{shown[..(ShownMax - 1)]}…";
    }

    private static readonly Regex Credentials = new(
        @"((?:Bearer|Basic)(?:\\?\s)+|sk-)[^\s""'}]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    );
}

/// <summary>Splits a line of an HAProxy configuration into words (its configuration manual, 2.2 to 2.4).
/// Pure.</summary>
/// <remarks>
/// <list type="number">
/// <item>Blanks separate words; <c>#</c> outside quotes starts a comment, also inside a word.</item>
/// <item>A backslash outside single quotes escapes a blank, <c>#</c>, a backslash or a quote, and writes \n, \r, \t,
/// \xHH; before anything else it stays, so that <c>\.</c> in a regular expression survives.</item>
/// <item>Variables are replaced in double quotes (<c>$NAME</c>, <c>${NAME}</c>, <c>${NAME-default}</c>), and in
/// addresses also without quotes.</item>
/// </list>
/// </remarks>
internal ref struct LineSplitter
{
    /// <summary>Stands for the <c>$</c> of a variable whose value is unknown (a private-use character).</summary>
    public const char Unknown = '\uE000';

    private readonly ReadOnlySpan<char> _line;
    private readonly Func<string, string?> _variable;
    private readonly StringBuilder _word = new();
    private readonly List<string> _words = [];
    private int _at;
    private bool _started;
    private bool _single;
    private bool _twofold;

    private LineSplitter(ReadOnlySpan<char> line, Func<string, string?> variable)
    {
        _line = line;
        _variable = variable;
    }

    /// <param name="line">Without its line end.</param>
    /// <param name="variable">The value of an environment variable; null if it is unknown.</param>
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
            if (letter == '\\' && !_single)
                Escape();
            else if (letter == '"' && !_single)
                _twofold = Start(!_twofold);
            else if (letter == '\'' && !_twofold)
                _single = Start(!_single);
            else if (letter == '#' && !_single && !_twofold)
                break;
            else if (letter == '$' && !_single)
                Variable();
            else if (letter is ' ' or '\t' or '\r' && !_single && !_twofold)
                End();
            else
                Add(letter);
        }
        End();
    }

    private void Escape()
    {
        char next = _at + 1 < _line.Length ? _line[_at + 1] : '\0';
        if (next is ' ' or '\\' or '#' or '"' || (next == '\'' && !_twofold) || (next == '$' && _twofold))
            Take(next, 1);
        else if (next == 'n')
            Take('\n', 1);
        else if (next == 'r')
            Take('\r', 1);
        else if (next == 't')
            Take('\t', 1);
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
            Take((char)code, 3);
        else
            Add('\\');
    }

    private void Variable()
    {
        ReadOnlySpan<char> rest = _line[(_at + 1)..];
        bool braced = rest is ['{', ..];
        int length = braced ? rest.IndexOf('}') - 1 : LengthOfName(rest);
        // Without quotes and braces a $ is more often the end of a regular expression than a variable.
        if (length <= 0 || (!braced && !_twofold))
        {
            Add('$');
            return;
        }
        string inside = rest.Slice(braced ? 1 : 0, length).ToString();
        int end = LengthOfName(inside);
        string name = inside[..end];
        string? value = _variable(name) ?? (inside.AsSpan(end) is ['-', .. var usual] ? usual.ToString() : null);
        _started = true;
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

    private void Take(char letter, int more)
    {
        Add(letter);
        _at += more;
    }

    private void Add(char letter)
    {
        _started = true;
        _word.Append(letter);
    }

    // Quotes alone are an empty word.
    private bool Start(bool on)
    {
        _started = true;
        return on;
    }

    private void End()
    {
        if (_started)
            _words.Add(_word.ToString());
        _word.Clear();
        _started = false;
    }
}
