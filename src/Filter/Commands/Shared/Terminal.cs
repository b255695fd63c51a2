using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace FastGate.Commands.Shared;

/// <summary>The standard streams of a verb: results to <see cref="Out"/>, errors to <see cref="Error"/>. Writes plain
/// text when the output is not a terminal.</summary>
internal sealed partial class Terminal
{
    // Wide enough that no table row is wrapped in a file or for grep.
    private const int PlainWidth = 1000;

    // The number of the last standard stream.
    private const int StandardError = 2;

    // ECMA-48: to the first column and erase the line; faint; cyan; all off.
    private const string EraseLine = "\r\e[2K";
    private const string Dim = "\e[2m";
    private const string Cyan = "\e[36m";

    // Color 31 of 256: unlike cyan, it is legible on white.
    private const string Blue = "\e[38;5;31m";
    private const string Reset = "\e[0m";

    private readonly TextReader _input;

    // Created on demand: the gate itself writes no table and needs less memory without it.
    private IAnsiConsole? _screen;

    public Terminal(TextWriter @out, TextWriter error, TextReader? input = null) =>
        (Out, Error, _input) = (@out, error, input ?? TextReader.Null);

    /// <summary>Returns the standard streams of this process; a closed one becomes <c>/dev/null</c>.</summary>
    public static Terminal OfProcess()
    {
        OpenClosedStreams();
        TextWriter error = Console.IsErrorRedirected
            ? Console.Error
            : new WrappedLines(Console.Error, ColumnsOfConsole);
        return new(Console.Out, error, Console.In);
    }

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    /// <summary>The output is a terminal, not a file or a pipe.</summary>
    public bool IsTerminal => Screen.Profile.Out.IsTerminal;

    /// <summary>A person can read the output and answer: standard input and output are terminals.</summary>
    public bool IsInteractive => !Console.IsInputRedirected && !Console.IsOutputRedirected && IsTerminal;

    /// <summary>The output is a terminal on which lines can be redrawn.</summary>
    public bool IsLive => IsTerminal && Screen.Profile.Capabilities.Ansi;

    /// <summary>The console library, for live output.</summary>
    public IAnsiConsole Screen => _screen ??= CreateConsole();

    /// <summary>In columns.</summary>
    public int Width => Screen.Profile.Width;

    /// <summary>In lines; unlimited where frames are written below each other.</summary>
    public int Height => Screen.Profile.Capabilities.Ansi ? Screen.Profile.Height : int.MaxValue;

    /// <summary>Writes one line of markup such as <c>[bold]</c>; escape values with <see cref="Plain"/>.</summary>
    public void Line(string markup) => Screen.MarkupLine(markup);

    /// <summary>Writes a table without a frame, so that other programs can read it.</summary>
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
    /// Draws each frame of markup lines over the one before. Where that is not possible, writes each below the last,
    /// until the reader closes the pipe.
    /// </summary>
    /// <exception cref="OperationCanceledException">The frames were canceled; the last one stays visible.</exception>
    public async Task RedrawAsync(IAsyncEnumerable<IReadOnlyList<string>> frames)
    {
        if (Screen.Profile.Capabilities.Ansi)
        {
            await Screen
                .Live(new Text(""))
                .Overflow(VerticalOverflow.Crop)
                .Cropping(VerticalOverflowCropping.Bottom)
                .StartAsync(async live =>
                {
                    await foreach (IReadOnlyList<string> lines in frames)
                        live.UpdateTarget(new Rows(lines.Select(Row)));
                });
            return;
        }
        using LineOutput output = LineOutput.Of(this);
        await foreach (IReadOnlyList<string> lines in frames)
        {
            if (!lines.Append("").All(line => output.TryWrite(Markup.Remove(line))) || !output.TryFlush())
                return;
        }
    }

    /// <summary>Writes a label and a text. On a terminal the text wraps between words and stays beside the
    /// label.</summary>
    /// <param name="label">Markup.</param>
    /// <param name="width">The columns that the label takes.</param>
    /// <param name="markup">The text.</param>
    public void Labeled(string label, int width, string markup)
    {
        if (!IsTerminal)
        {
            Out.WriteLine($"{Markup.Remove(label).PadRight(width)}{Markup.Remove(markup)}");
            return;
        }
        Grid grid = new();
        grid.AddColumn(new GridColumn().Width(width).NoWrap().PadLeft(0).PadRight(0));
        grid.AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        grid.AddRow(label, markup);
        Screen.Write(grid);
    }

    /// <summary>Writes one row of columns. The last column takes the remaining width; on a terminal its text wraps
    /// inside it.</summary>
    /// <param name="cells">Markup and column widths; the width of the last is ignored.</param>
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

    /// <summary>Shows one line of progress that the next one replaces. Writes nothing where lines cannot be
    /// redrawn.</summary>
    public void Progress(string text)
    {
        if (!IsLive)
            return;
        int width = Math.Max(1, Screen.Profile.Width - 1);
        Out.Write($"{EraseLine}{Dim}{(text.Length <= width ? text : text[..width])}{Reset}");
        Out.Flush();
    }

    /// <summary>Erases the line of progress.</summary>
    public void EndProgress()
    {
        if (IsLive)
            Out.Write(EraseLine);
    }

    /// <summary>Writes a command to copy. On a terminal it has only spaces before it, and a long one continues after
    /// backslashes.</summary>
    /// <param name="indent">Number of spaces.</param>
    /// <param name="label">Written before the text where color cannot mark it.</param>
    /// <param name="text">The text to copy.</param>
    public void ToCopy(int indent, string label, string text) =>
        ToCopy(indent, IsLive ? WordWrap.Command(text, Width - indent) : [$"{label}: {text}"]);

    /// <summary>Writes lines to copy as they are.</summary>
    public void ToCopy(int indent, IEnumerable<string> lines)
    {
        string color = Screen.Profile.Capabilities.ColorSystem >= ColorSystem.EightBit ? Blue : Cyan;
        foreach (string line in lines)
            Out.WriteLine(line.Length == 0 ? "" : new string(' ', indent) + (IsLive ? $"{color}{line}{Reset}" : line));
    }

    /// <summary>Writes a paragraph of markup. On a terminal it wraps between words, and each of its lines is indented;
    /// elsewhere it is one line.</summary>
    public void Paragraph(string markup, int indent = 0)
    {
        if (IsTerminal)
            Screen.Write(new Padder(new Markup(markup), new Padding(indent, 0, 0, 0)));
        else
            Out.WriteLine(new string(' ', indent) + Markup.Remove(markup));
    }

    /// <summary>The number of characters that a line of markup shows.</summary>
    public static int LengthOf(string markup) => Markup.Remove(markup).Length;

    /// <summary>Escapes a value for markup.</summary>
    public static string Plain(string value) => Markup.Escape(value);

    // Otherwise the next file or socket takes the number of a stream that was closed when the program started, and
    // receives what is written to that stream. Go's runtime does the same at the start of every program.
    private static void OpenClosedStreams()
    {
        try
        {
            while (true)
            {
                using SafeFileHandle opened = File.OpenHandle(
                    "/dev/null",
                    access: FileAccess.ReadWrite,
                    share: FileShare.ReadWrite
                );
                if (opened.DangerousGetHandle() > StandardError)
                    return;
                // It stays open as long as the process.
                opened.SetHandleAsInvalid();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A system without /dev/null; open streams work without it.
        }
    }

    private static int ColumnsOfConsole()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            // Neither the terminal nor the environment tells.
            return 0;
        }
    }

    // The console would omit an empty line.
    private static Markup Row(string markup) => new(markup.Length == 0 ? " " : markup);

    private IAnsiConsole CreateConsole()
    {
        AnsiConsoleOutput output = new(Out);
        // The console itself checks only TERM, not NO_COLOR (https://no-color.org).
        bool plain = !output.IsTerminal || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = output, Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect }
        );
        if (!output.IsTerminal)
            console.Profile.Width = PlainWidth;
        return console;
    }
}
