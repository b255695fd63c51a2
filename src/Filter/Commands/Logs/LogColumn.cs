using FastGate.Commands.Shared;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Logs;

/// <summary>One column of the access log on a terminal.</summary>
/// <param name="Heading">What stands above it.</param>
/// <param name="Width">In characters.</param>
/// <param name="IsRight">Figures stand to the right.</param>
/// <param name="Text">What a line has there, fit to be shown.</param>
/// <param name="Colour">Of what the text means; empty for none.</param>
internal sealed record LogColumn(
    string Heading,
    int Width,
    bool IsRight,
    Func<LogLine, string> Text,
    Func<LogLine, string> Colour
)
{
    public string HeadingCell => $"[dim]{Fit(Heading)}[/]";

    /// <summary>The line's cell as markup.</summary>
    public string Cell(LogLine line)
    {
        string cell = Terminal.Plain(Fit(TerminalText.Cut(Text(line), Width)));
        return Colour(line) is { Length: > 0 } colour ? $"[{colour}]{cell}[/]" : cell;
    }

    private string Fit(string text) => IsRight ? text.PadLeft(Width) : text.PadRight(Width);
}
