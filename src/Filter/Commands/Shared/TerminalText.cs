using System.Globalization;
using System.Text;

namespace FastGate.Commands.Shared;

/// <summary>Makes text that strangers chose fit for a terminal and for columns: what is not plain ASCII is written
/// out.</summary>
internal static class TerminalText
{
    private const char Ellipsis = '…';

    /// <summary>Control bytes, blanks and all beyond ASCII as <c>\x1B</c> or <c>\u202E</c>: one word, whatever was
    /// sent.</summary>
    public static string Text(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0)
            return text;
        StringBuilder shown = new(text.Length + 16);
        foreach (char c in text)
        {
            // The access log's own mark of a text that it has cut.
            if (c is (>= '!' and <= '~') or Ellipsis)
                shown.Append(c);
            else if (c <= 0xFF)
                shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}");
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }
        return shown.ToString();
    }

    /// <summary>The same for a sentence, whose blanks stay.</summary>
    public static string Sentence(string text) => string.Join(' ', text.Split(' ').Select(Text));

    /// <summary>
    /// For text of our own with a stranger's words in it: what could steer the terminal, or turn the direction of what
    /// stands beside it, is written out, and the rest stays as it is.
    /// </summary>
    public static string Prose(string text)
    {
        StringBuilder shown = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!IsSteering(rune))
                shown.Append(rune);
            else if (rune.Value <= 0xFF)
                shown.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:X2}");
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
        }
        return shown.ToString();
    }

    /// <summary>No longer than the width: what is cut out is cut out of the middle, since both ends of a path tell
    /// more.</summary>
    public static string Cut(string text, int width)
    {
        if (text.Length <= width)
            return text;
        if (width <= 1)
            return text[..Math.Max(0, width)];
        int tail = (width - 1) / 2;
        return $"{text[..(width - 1 - tail)]}{Ellipsis}{text[^tail..]}";
    }

    // Bidirectional marks and the like are format characters.
    private static bool IsSteering(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
