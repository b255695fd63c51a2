using FastGate.Commands.Shared;

namespace FastGate.Commands.Status;

/// <summary>A piece of a line for people: its text, and a style of the console library such as <c>yellow</c>.</summary>
/// <param name="Text">May come from a client; control characters are escaped.</param>
/// <param name="Style">Empty for none.</param>
internal readonly record struct Piece(string Text, string Style = "")
{
    /// <summary>The text as it is shown.</summary>
    public string Shown => TerminalText.Prose(Text);

    public string Markup => Style.Length == 0 ? Terminal.Plain(Shown) : $"[{Style}]{Terminal.Plain(Shown)}[/]";

    /// <summary>Cuts the middle out of a text that is too long, and fills up a shorter one.</summary>
    public Piece Padded(int width) => this with { Text = TerminalText.Cut(Shown, width).PadRight(width) };

    /// <summary>Cuts the end off a sentence that is too long, between words if the first ones fit.</summary>
    public Piece End(int width)
    {
        if (Shown.Length <= width)
            return this;
        string begin = Shown[..Math.Max(0, width - 1)];
        int space = Shown[begin.Length] == ' ' ? begin.Length : begin.LastIndexOf(' ');
        return this with { Text = $"{(space > width / 2 ? begin[..space] : begin).TrimEnd()}…" };
    }

    /// <summary>Cuts the middle out of a text that is too long.</summary>
    public Piece Cut(int width) => this with { Text = TerminalText.Cut(Shown, width) };
}

/// <summary>Breaks pieces and sentences into lines of markup. Pure.</summary>
internal static class TextLines
{
    /// <summary>
    /// Puts pieces on lines, with a space between them. A piece that does not fit begins the next line, below the first
    /// piece; one that is longer than a line loses its middle.
    /// </summary>
    /// <param name="head">Begins the first line; its length is the indent of the others.</param>
    /// <param name="pieces">Those with an empty text are left out.</param>
    /// <param name="width">In columns.</param>
    public static IEnumerable<string> Flow(Piece head, IEnumerable<Piece> pieces, int width)
    {
        int indent = head.Text.Length;
        int room = Math.Max(1, width - indent);
        string line = head.Markup;
        int used = 0;
        foreach (Piece piece in pieces.Where(piece => piece.Text.Length > 0).Select(piece => piece.Cut(room)))
        {
            if (used > 0 && used + 1 + piece.Text.Length > room)
            {
                yield return line;
                (line, used) = (new string(' ', indent), 0);
            }
            line += $"{(used > 0 ? " " : "")}{piece.Markup}";
            used += piece.Text.Length + (used > 0 ? 1 : 0);
        }
        yield return line;
    }

    /// <summary>Breaks a sentence between its words.</summary>
    public static IEnumerable<string> Words(string sentence, int width, string style = "") =>
        Flow(new Piece(""), sentence.Split(' ').Select(word => new Piece(word, style)), width);

    /// <summary>Puts two columns side by side.</summary>
    public static IEnumerable<string> Beside(IReadOnlyList<string> left, IReadOnlyList<string> right, int leftWidth)
    {
        for (int i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            string line = i < left.Count ? left[i] : "";
            string blanks = new(' ', Math.Max(0, leftWidth - Terminal.LengthOf(line)));
            yield return i < right.Count ? $"{line}{blanks}{right[i]}" : line;
        }
    }
}
