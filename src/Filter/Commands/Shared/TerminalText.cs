using System.Globalization;
using System.Text;

namespace FastGate.Commands.Shared;

/// <summary>Makes untrusted text safe for a terminal and for columns by escaping it.</summary>
internal static class TerminalText
{
    private const char Ellipsis = '…';

    /// <summary>Escapes control characters, spaces and everything beyond ASCII as <c>\x1B</c> or <c>\u202E</c>, so that
    /// the result is always one word.</summary>
    public static string Text(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0)
            return text;
        StringBuilder shown = new(text.Length + 16);
        foreach (char c in text)
        {
            // The ellipsis stays: the access log marks truncated text with it.
            if (c is (>= '!' and <= '~') or Ellipsis)
                shown.Append(c);
            else if (c <= 0xFF)
                shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}");
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }
        return shown.ToString();
    }

    /// <summary>Escapes like <see cref="Text"/>, but keeps the spaces of a sentence.</summary>
    public static string Sentence(string text) => string.Join(' ', text.Split(' ').Select(Text));

    /// <summary>
    /// Escapes only control and format characters, which could control the terminal or reverse the direction of the
    /// text around them. For our own text that contains untrusted parts.
    /// </summary>
    public static string Prose(string text)
    {
        StringBuilder shown = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!IsControl(rune))
                shown.Append(rune);
            else if (rune.Value <= 0xFF)
                shown.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:X2}");
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
        }
        return shown.ToString();
    }

    /// <summary>Shortens text to a width by cutting out the middle, since both ends of a path say more.</summary>
    public static string Cut(string text, int width)
    {
        if (text.Length <= width)
            return text;
        if (width <= 1)
            return text[..Math.Max(0, width)];
        int tail = (width - 1) / 2;
        return $"{text[..(width - 1 - tail)]}{Ellipsis}{text[^tail..]}";
    }

    // Bidirectional marks are format characters.
    private static bool IsControl(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
