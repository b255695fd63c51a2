namespace FastGate.Commands.Shared;

/// <summary>Breaks text into lines between its words. Pure.</summary>
internal static class WordWrap
{
    /// <summary>A word that is longer than the width has a line of its own.</summary>
    public static IEnumerable<string> Lines(string text, int width)
    {
        while (text.Length > width)
        {
            int end = BreakBefore(text, width);
            if (end < 0)
                break;
            yield return text[..end].TrimEnd(' ');
            text = text[(end + 1)..].TrimStart(' ');
        }
        yield return text;
    }

    /// <summary>Breaks a command of a shell so that it can be pasted: only at spaces outside quotes and before a
    /// comment, each with a backslash.</summary>
    public static IEnumerable<string> Command(string text, int width)
    {
        const string Continued = " \\";
        while (text.Length > width)
        {
            int end = -1;
            foreach (int space in Spaces(text))
            {
                if (space + Continued.Length > width && end >= 0)
                    break;
                end = space;
            }
            if (end < 0)
                break;
            yield return text[..end] + Continued;
            text = $"  {text[(end + 1)..].TrimStart(' ')}";
        }
        yield return text;
    }

    // The last space that fits, or else the first one.
    private static int BreakBefore(string text, int width)
    {
        int first = text.Length - text.TrimStart(' ').Length;
        int last = text.LastIndexOf(' ', width);
        return last > first ? last : text.IndexOf(' ', first);
    }

    // Where a shell ends a word, after the indentation.
    private static IEnumerable<int> Spaces(string text)
    {
        char quote = '\0';
        int first = text.Length - text.TrimStart(' ').Length;
        for (int at = first; at < text.Length; at++)
        {
            if (quote != '\0')
            {
                if (text[at] == '\\' && quote == '"')
                    at++;
                else if (text[at] == quote)
                    quote = '\0';
            }
            else if (text[at] is '\'' or '"')
                quote = text[at];
            else if (text[at] == '\\')
                at++;
            else if (text[at] == '#' && text[at - (at > 0 ? 1 : 0)] == ' ')
                yield break;
            else if (text[at] == ' ' && !text[at..].TrimStart(' ').StartsWith('#'))
                yield return at;
        }
    }
}
