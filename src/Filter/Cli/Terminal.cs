using Spectre.Console;

namespace FastGate.Cli;

/// <summary>Where a verb writes: answers to one side, complaints to the other. Plain when it is not a terminal.</summary>
internal sealed class Terminal
{
    // Wide enough that no line of a table is broken for a file or for grep.
    private const int PlainWidth = 1000;

    private readonly IAnsiConsole console;

    private readonly TextReader input;

    public Terminal(TextWriter @out, TextWriter error, TextReader? input = null)
    {
        (Out, Error, this.input) = (@out, error, input ?? TextReader.Null);
        AnsiConsoleOutput output = new(@out);
        // Left to itself the console looks at TERM only, and https://no-color.org is a promise to be kept.
        bool plain = !output.IsTerminal || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        console = AnsiConsole.Create(new AnsiConsoleSettings { Out = output, Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect });
        if (!output.IsTerminal) console.Profile.Width = PlainWidth;
    }

    /// <summary>The terminal, or whatever else the program was started with.</summary>
    public static Terminal OfProcess() => new(Console.Out, Console.Error, Console.In);

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

    /// <summary>Asks until the answer is yes or no, or return for the usual one; null if there is nobody to answer.</summary>
    public bool? Ask(string question, bool usual)
    {
        while (true)
        {
            Out.Write($"{question} [{(usual ? "Y/n" : "y/N")}] ");
            Out.Flush();
            if (input.ReadLine() is not { } answer) return null;
            switch (answer.Trim().ToUpperInvariant())
            {
                case "": return usual;
                case "Y" or "YES": return true;
                case "N" or "NO": return false;
            }
        }
    }

    /// <summary>A value as it is, whatever brackets it has.</summary>
    public static string Plain(string value) => Markup.Escape(value);
}
