using System.Diagnostics;
using FastGate.Bench.Children;
using Spectre.Console;

namespace FastGate.Bench.Report;

/// <summary>
/// Shows a run: one line of progress on a terminal, plain lines in a pipe. It draws on the thread that measures,
/// between two blocks, so that drawing does not disturb the measurement.
/// </summary>
internal sealed class Screen
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    private readonly IAnsiConsole _console;
    private readonly bool _isLive;
    private string _last = "";
    private long _shown;

    public Screen()
    {
        _console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect }
        );
        _isLive = !Console.IsOutputRedirected && _console.Profile.Capabilities.Ansi;
    }

    public void Heading(string text)
    {
        Note("");
        if (_isLive)
            _console.MarkupLineInterpolated($"[bold]{text}[/]");
        else
            Console.WriteLine(text);
    }

    public void Note(string text)
    {
        Clear();
        // Not wrapped, so that it can be searched for.
        Console.WriteLine(text);
    }

    /// <summary>Shows progress: in place on a terminal, one line for each activity elsewhere.</summary>
    public void Progress(string what, long done, long all)
    {
        if (!_isLive)
        {
            if (what != _last)
                Console.WriteLine($"… {what}");
            _last = what;
            return;
        }
        if (Stopwatch.GetElapsedTime(_shown) < Between)
            return;
        _shown = Stopwatch.GetTimestamp();
        _console.Write(new ControlCode("\r\u001b[2K"));
        _console.MarkupInterpolated($"[dim]… {what} {100 * done / Math.Max(all, 1)} %[/]");
    }

    public void Show(ResultTable result)
    {
        Note($"\n{result.Title}\n");
        if (!_isLive)
        {
            Console.WriteLine(MarkdownTable.Of(result));
            return;
        }
        Table table = new() { Border = TableBorder.Rounded };
        foreach (string column in result.Columns)
            table.AddColumn(
                new TableColumn(Markup.Escape(column))
                {
                    Alignment = column == result.Columns[0] ? Justify.Left : Justify.Right,
                }
            );
        foreach (string[] row in result.Rows)
            table.AddRow([.. row.Select(cell => new Markup(Markup.Escape(cell), StyleOf(row)))]);
        _console.Write(table);
    }

    private static Style StyleOf(string[] row) =>
        row[0] == Peers.Gate ? new Style(decoration: Decoration.Bold) : Style.Plain;

    private void Clear()
    {
        if (_isLive)
            _console.Write(new ControlCode("\r\u001b[2K"));
        _last = "";
    }
}
