using FastGate.Commands.Shared;
using Spectre.Console;

namespace FastGate.Commands.Demo;

/// <summary>Writes the demo's headings, facts and tables: in color on a terminal, plain in a pipe.</summary>
internal sealed class DemoScreen
{
    // The longest name in the demo.
    private const int NameWidth = 16;

    private readonly IAnsiConsole _console;

    public DemoScreen(IAnsiConsole console) => _console = console;

    private static bool IsPlain =>
        Console.IsOutputRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    private bool IsTerminal => _console.Profile.Out.IsTerminal;

    public static DemoScreen OfStandardOutput() =>
        new(
            AnsiConsole.Create(
                new AnsiConsoleSettings
                {
                    // The console itself checks only TERM, not a pipe or NO_COLOR (https://no-color.org).
                    Ansi = IsPlain ? AnsiSupport.No : AnsiSupport.Detect,
                }
            )
        );

    /// <summary>Returns a status code as markup, green below 400 and red from there.</summary>
    public static string Status(int status) => status < 400 ? Palette.Good($"{status}") : Palette.Bad($"{status}");

    public void Heading(string text)
    {
        _console.WriteLine();
        _console.MarkupLine($"[bold]{Markup.Escape(text)}[/]");
    }

    /// <summary>Writes name and value pairs. On a terminal, long values wrap inside their column.</summary>
    public void Facts(params (string Name, string Markup)[] facts)
    {
        Grid grid = new Grid().AddColumn(NameColumn()).AddColumn(new GridColumn().PadRight(0));
        foreach ((string name, string markup) in facts)
        {
            if (IsTerminal)
                grid.AddRow($"[dim]{name}[/]", markup);
            else
                Verbatim($"  {name.PadRight(NameWidth)}  {Markup.Remove(markup)}");
        }
        if (IsTerminal)
            _console.Write(grid);
    }

    /// <summary>Writes a table: names on the left, figures on the right, the last row in bold.</summary>
    public void Figures(string[] columns, params string[][] rows)
    {
        Grid grid = new Grid().AddColumn(NameColumn());
        foreach (string _ in columns)
            grid.AddColumn(new GridColumn().NoWrap().RightAligned().PadLeft(0).PadRight(3));
        grid.Columns[^1].PadRight(0);
        grid.AddRow([.. columns.Prepend("").Select(column => $"[dim]{column}[/]")]);
        foreach (string[] row in rows[..^1])
            grid.AddRow(row);
        grid.AddRow([.. rows[^1].Select(cell => $"[bold]{cell}[/]")]);
        _console.Write(grid);
    }

    public void Note(string text)
    {
        if (IsTerminal)
            _console.Write(new Padder(new Text(text, new Style(decoration: Decoration.Dim)), new Padding(2, 0, 0, 0)));
        else
            Verbatim("  " + text);
    }

    public void Problem(string text) => _console.MarkupLine(Palette.Bad($"Unexpected: {Markup.Escape(text)}."));

    public void EndLine() => _console.WriteLine();

    /// <summary>Writes text to copy, without wrapping it.</summary>
    public void Verbatim(string text) => _console.Profile.Out.Writer.WriteLine(text);

    /// <summary>Starts a line that <see cref="Piece"/> continues.</summary>
    public void Begin(string name) => _console.Markup($"  [dim]{name.PadRight(NameWidth)}[/]  ");

    /// <summary>Writes a part of a line immediately.</summary>
    public void Piece(string text)
    {
        _console.Profile.Out.Writer.Write(text);
        _console.Profile.Out.Writer.Flush();
    }

    private static GridColumn NameColumn() => new GridColumn().NoWrap().Width(NameWidth).PadLeft(2).PadRight(2);
}
