using Spectre.Console;

namespace FastGate.Cli;

/// <summary>Where a verb writes: answers to one side, complaints to the other. Plain when it is not a terminal.</summary>
internal sealed class Terminal
{
    // Wide enough that no line of a table is broken for a file or for grep.
    private const int PlainWidth = 1000;

    private readonly IAnsiConsole console;

    public Terminal(TextWriter @out, TextWriter error)
    {
        (Out, Error) = (@out, error);
        AnsiConsoleOutput output = new(@out);
        // Left to itself the console looks at TERM only, and https://no-color.org is a promise to be kept.
        bool plain = !output.IsTerminal || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        console = AnsiConsole.Create(new AnsiConsoleSettings { Out = output, Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect });
        if (!output.IsTerminal) console.Profile.Width = PlainWidth;
    }

    /// <summary>The terminal, or whatever else the program was started with.</summary>
    public static Terminal OfProcess() => new(Console.Out, Console.Error);

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    /// <summary>One line with marks such as <c>[bold]</c>; values go through <see cref="Plain"/>.</summary>
    public void Line(string markup) => console.MarkupLine(markup);

    /// <summary>Rows under headings, without a frame, so that it can be read on by other programs.</summary>
    public void Rows(string[] headings, IEnumerable<string[]> rows)
    {
        Table table = new Table().Border(TableBorder.None);
        foreach (string heading in headings) table.AddColumn(new TableColumn($"[dim]{heading}[/]").PadRight(3).NoWrap());
        foreach (string[] row in rows) table.AddRow([.. row.Select(Plain)]);
        console.Write(new Padder(table, new Padding(2, 0, 0, 0)));
    }

    /// <summary>A value as it is, whatever brackets it has.</summary>
    public static string Plain(string value) => Markup.Escape(value);
}
