using Spectre.Console;

namespace FastGate.Commands.Demo;

/// <summary>How the show looks: headings, facts and tables, in colour on a terminal and plain where it is piped
/// to.</summary>
internal sealed class DemoScreen
{
    // The widest name that the show has.
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
                    // Left to itself it asks TERM only; escapes in a file or a pipe are noise, and https://no-color.org
                    // is to be kept.
                    Ansi = IsPlain ? AnsiSupport.No : AnsiSupport.Detect,
                }
            )
        );

    /// <summary>A status code in the colour of its meaning, as markup.</summary>
    public static string Status(int status) => status < 400 ? $"[green]{status}[/]" : $"[red]{status}[/]";

    public void Heading(string text)
    {
        _console.WriteLine();
        _console.MarkupLine($"[bold]{Markup.Escape(text)}[/]");
    }

    /// <summary>Names and what there is to say of them. On a terminal, long text stays in its column.</summary>
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

    /// <summary>Names to the left, figures to the right, and the last row stressed.</summary>
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

    public void Problem(string text) => _console.MarkupLine($"[red]Not as expected: {Markup.Escape(text)}.[/]");

    public void EndLine() => _console.WriteLine();

    /// <summary>Something to copy: no line break but its own is put in.</summary>
    public void Verbatim(string text) => _console.Profile.Out.Writer.WriteLine(text);

    /// <summary>Begins a line that goes on in pieces.</summary>
    public void Begin(string name) => _console.Markup($"  [dim]{name.PadRight(NameWidth)}[/]  ");

    /// <summary>A piece of a line, shown at once.</summary>
    public void Piece(string text)
    {
        _console.Profile.Out.Writer.Write(text);
        _console.Profile.Out.Writer.Flush();
    }

    private static GridColumn NameColumn() => new GridColumn().NoWrap().Width(NameWidth).PadLeft(2).PadRight(2);
}
