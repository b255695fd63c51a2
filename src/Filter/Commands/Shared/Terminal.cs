using System.Globalization;
using Spectre.Console;

namespace FastGate.Commands.Shared;

/// <summary>Where a verb writes: answers to one side, complaints to the other. Plain when it is not a
/// terminal.</summary>
internal sealed class Terminal
{
    // Wide enough that no line of a table is broken for a file or for grep.
    private const int PlainWidth = 1000;

    // ECMA-48: to the first column and erase the line; faint; cyan; all off.
    private const string EraseLine = "\r\e[2K";
    private const string Dim = "\e[2m";
    private const string Cyan = "\e[36m";
    private const string Usual = "\e[0m";

    private readonly TextReader _input;

    // Made when it is needed: the gate itself writes no table, and is smaller without.
    private IAnsiConsole? _screen;

    public Terminal(TextWriter @out, TextWriter error, TextReader? input = null) =>
        (Out, Error, _input) = (@out, error, input ?? TextReader.Null);

    /// <summary>The terminal, or whatever else the program was started with.</summary>
    public static Terminal OfProcess() => new(Console.Out, Console.Error, Console.In);

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    /// <summary>A person looks at it, and not a file or another program.</summary>
    public bool IsTerminal => Screen.Profile.Out.IsTerminal;

    /// <summary>Lines can be taken back and written anew.</summary>
    public bool IsLive => IsTerminal && Screen.Profile.Capabilities.Ansi;

    /// <summary>For what moves.</summary>
    public IAnsiConsole Screen => _screen ??= CreateConsole();

    /// <summary>In columns.</summary>
    public int Width => Screen.Profile.Width;

    /// <summary>One line with marks such as <c>[bold]</c>; values go through <see cref="Plain"/>.</summary>
    public void Line(string markup) => Screen.MarkupLine(markup);

    /// <summary>Rows under headings, without a frame, so that it can be read on by other programs.</summary>
    public void Rows(string[] headings, IEnumerable<string[]> rows)
    {
        Table table = new Table().Border(TableBorder.None);
        foreach (string heading in headings)
            table.AddColumn(new TableColumn($"[dim]{heading}[/]").PadRight(3).NoWrap());
        foreach (string[] row in rows)
            table.AddRow([.. row.Select(Plain)]);
        Screen.Write(new Padder(table, new Padding(2, 0, 0, 0)));
    }

    /// <summary>
    /// Draws lines with marks over the ones before; where nothing can be drawn over, each set below the last, until
    /// nobody reads any more.
    /// </summary>
    /// <exception cref="OperationCanceledException">The sets were canceled; the last one stays.</exception>
    public async Task RedrawAsync(IAsyncEnumerable<IReadOnlyList<string>> sets)
    {
        if (Screen.Profile.Capabilities.Ansi)
        {
            await Screen
                .Live(new Text(""))
                .Overflow(VerticalOverflow.Crop)
                .Cropping(VerticalOverflowCropping.Bottom)
                .StartAsync(async live =>
                {
                    await foreach (IReadOnlyList<string> lines in sets)
                        live.UpdateTarget(new Rows(lines.Select(Row)));
                });
            return;
        }
        using LineOutput output = LineOutput.Of(this);
        await foreach (IReadOnlyList<string> lines in sets)
        {
            if (!lines.Append("").All(line => output.TryWrite(Markup.Remove(line))) || !output.TryFlush())
                return;
        }
    }

    /// <summary>Columns of which the last takes what is left; on a terminal its text stays in it.</summary>
    /// <param name="cells">Marks and their column's width; the width of the last is not looked at.</param>
    public void Columns(params (string Markup, int Width)[] cells)
    {
        Grid grid = new();
        foreach ((_, int width) in cells[..^1])
            grid.AddColumn(new GridColumn().Width(width).PadLeft(2).PadRight(0));
        grid.AddColumn(new GridColumn().PadLeft(2).PadRight(0));
        grid.AddRow([.. cells.Select(cell => cell.Markup)]);
        if (IsTerminal)
            Screen.Write(grid);
        else
            Out.WriteLine(
                string.Concat(cells.Select(cell => $"  {Markup.Remove(cell.Markup).PadRight(cell.Width)}")).TrimEnd()
            );
    }

    /// <summary>One line at the bottom that tells what is at work, until the next; nothing where it cannot be taken
    /// back.</summary>
    public void Progress(string text)
    {
        if (!IsLive)
            return;
        int width = Math.Max(1, Screen.Profile.Width - 1);
        Out.Write($"{EraseLine}{Dim}{(text.Length <= width ? text : text[..width])}{Usual}");
        Out.Flush();
    }

    /// <summary>Takes that line back.</summary>
    public void EndProgress()
    {
        if (IsLive)
            Out.Write(EraseLine);
    }

    /// <summary>Something to copy: it is not broken into lines, and nothing stands before it but blanks.</summary>
    /// <param name="indent">How many.</param>
    /// <param name="label">What it is, where no colour says it.</param>
    /// <param name="text">The line.</param>
    public void ToCopy(int indent, string label, string text) =>
        Out.WriteLine(new string(' ', indent) + (IsLive ? $"{Cyan}{text}{Usual}" : $"{label}: {text}"));

    /// <summary>Asks until the answer is yes or no, or return for the usual one; null if there is nobody to
    /// answer.</summary>
    public bool? Ask(string question, bool usual)
    {
        while (true)
        {
            Out.Write($"{question} [{(usual ? "Y/n" : "y/N")}] ");
            Out.Flush();
            if (_input.ReadLine() is not { } answer)
                return null;
            switch (answer.Trim().ToUpperInvariant())
            {
                case "":
                    return usual;
                case "Y" or "YES":
                    return true;
                case "N" or "NO":
                    return false;
            }
        }
    }

    /// <summary>Asks for one of several until the answer is a number, or return for the first; null if there is nobody
    /// to answer.</summary>
    /// <returns>Its index.</returns>
    public int? Choose(string question, IReadOnlyList<string> options)
    {
        while (true)
        {
            Out.WriteLine(question);
            foreach ((int index, string option) in options.Index())
                Out.WriteLine($"  {index + 1}. {option}");
            Out.Write("Number [1] ");
            Out.Flush();
            if (_input.ReadLine() is not { } answer)
                return null;
            if (answer.Trim().Length == 0)
                return 0;
            if (
                int.TryParse(
                    answer,
                    NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                    CultureInfo.InvariantCulture,
                    out int number
                )
                && number > 0
                && number <= options.Count
            )
                return number - 1;
        }
    }

    /// <summary>A value as it is, whatever brackets it has.</summary>
    public static string Plain(string value) => Markup.Escape(value);

    // An empty text takes no line.
    private static Markup Row(string markup) => new(markup.Length == 0 ? " " : markup);

    private IAnsiConsole CreateConsole()
    {
        AnsiConsoleOutput output = new(Out);
        // Left to itself the console looks at TERM only, and https://no-color.org is a promise to be kept.
        bool plain = !output.IsTerminal || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = output, Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect }
        );
        if (!output.IsTerminal)
            console.Profile.Width = PlainWidth;
        return console;
    }
}
