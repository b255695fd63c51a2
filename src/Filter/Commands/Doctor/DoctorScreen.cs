using System.Diagnostics;
using System.Globalization;
using FastGate.Commands.Shared;
using FastGate.Config;

namespace FastGate.Commands.Doctor;

/// <summary>Shows the results: line by line for people, or as JSON when they are complete.</summary>
internal sealed class DoctorScreen(Terminal terminal, bool json, bool verbose)
{
    private const int OutcomeWidth = 4;
    private const int TitleWidth = 21;

    private const int CollapseMin = 3;

    // Below it, a message beside its title would have too few columns for a path.
    private const int WidthMin = 76;

    // A cure of a few words is repeated; a longer one is printed once.
    private const int ShortCureLength = 40;

    private static readonly string Indent = new(' ', OutcomeWidth + 4);

    private readonly List<CheckReport> _reports = [];
    private readonly List<CheckReport> _collapsed = [];

    // The title of the first check with each cure.
    private readonly Dictionary<string, string> _cures = new(StringComparer.Ordinal);

    /// <returns>Whether no check failed.</returns>
    public async Task<bool> ShowAsync(DoctorContext context, IAsyncEnumerable<CheckStep> steps)
    {
        long start = Stopwatch.GetTimestamp();
        if (json)
        {
            await foreach (CheckStep step in steps)
                Record(step);
            terminal.Out.Write(DoctorJson.Write(context, _reports, Stopwatch.GetElapsedTime(start), verbose));
        }
        else
        {
            Introduce(context);
            try
            {
                await FollowAsync(steps);
            }
            finally
            {
                // Ctrl-C can end it in the middle.
                terminal.EndProgress();
            }
            Summarize(Stopwatch.GetElapsedTime(start));
        }
        return _reports.All(report => report.Result.Outcome != CheckOutcome.Fail);
    }

    public int CouldNot(ConfigResult config)
    {
        ProblemList.Write(terminal.Error, config);
        return ExitCodes.CouldNot;
    }

    private async Task FollowAsync(IAsyncEnumerable<CheckStep> steps)
    {
        CheckGroup? group = null;
        await foreach (CheckStep step in steps)
        {
            if (step.Report is null)
                terminal.Progress(
                    $"  {step.Number}/{step.Count}  {CheckGroups.HeadingOf(step.Check.Group)}: {step.Check.Title}"
                );
            if (!Record(step))
                continue;
            terminal.EndProgress();
            CheckReport report = step.Report!;
            if (group != step.Check.Group || !CanCollapse(report))
                ShowCollapsed();
            if (group != step.Check.Group)
                Heading(step.Check.Group);
            group = step.Check.Group;
            if (CanCollapse(report))
                _collapsed.Add(report);
            else
                Show(report);
        }
        ShowCollapsed();
    }

    // Checks that are skipped for the same reason share one line, so that failures stand out.
    private bool CanCollapse(CheckReport report) =>
        !verbose
        && report.Result is { Outcome: CheckOutcome.Skip, Cure: null }
        && (_collapsed.Count == 0 || _collapsed[0].Result.Message == report.Result.Message);

    private void ShowCollapsed()
    {
        if (_collapsed.Count < CollapseMin)
            _collapsed.ForEach(Show);
        else
            Row(CheckOutcome.Skip, $"{_collapsed.Count} checks", _collapsed[0].Result.Message);
        _collapsed.Clear();
    }

    private bool Record(CheckStep step)
    {
        if (step.Report is { } report)
            _reports.Add(report);
        return step.Report is not null;
    }

    private void Introduce(DoctorContext context)
    {
        string subject = context.IsRemote
            ? $"the gate at {context.Options.Target}, as clients see it"
            : $"{string.Join(", ", context.Plan.Listeners.Select(listener => listener.Options.Address))} "
                + $"→ Ollama at {context.Plan.Upstream}";
        terminal.Line($"[bold]FastGate doctor[/]  {Terminal.Plain(subject)}");
    }

    private void Heading(CheckGroup group)
    {
        terminal.Out.WriteLine();
        terminal.Line($"[bold]{CheckGroups.HeadingOf(group)}[/]");
    }

    private void Show(CheckReport report)
    {
        Row(report.Result.Outcome, report.Check.Title, report.Result.Message);
        if (report.Result.Cure is { } cure)
            ShowCure(report.Check.Title, TerminalText.Prose(cure));
        if (verbose)
            Exchanges(report);
    }

    // Checks that fail for one cause have one cure.
    private void ShowCure(string title, string cure)
    {
        if (cure.Length <= ShortCureLength || _cures.TryAdd(cure, title))
            terminal.ToCopy(Indent.Length, "fix", cure);
        else
            terminal.Paragraph(
                Palette.Quiet(Terminal.Plain($"fix: the one of \"{_cures[cure]}\", above")),
                Indent.Length
            );
    }

    private void Row(CheckOutcome outcome, string title, string message)
    {
        string text = Terminal.Plain(TerminalText.Prose(message));
        if (terminal.IsTerminal && terminal.Width < WidthMin)
        {
            terminal.Line($"  {Word(outcome)}  {Terminal.Plain(title)}");
            terminal.Paragraph(text, Indent.Length);
        }
        else
            terminal.Columns((Word(outcome), OutcomeWidth), (Terminal.Plain(title), TitleWidth), (text, 0));
    }

    private void Exchanges(CheckReport report)
    {
        foreach (ExchangeNote note in report.Exchanges)
        {
            terminal.Out.WriteLine($"{Indent}> {TerminalText.Prose(note.Sent)}");
            terminal.Out.WriteLine($"{Indent}< {TerminalText.Prose(note.Received)} [{Milliseconds(note.Took)}]");
        }
        terminal.Out.WriteLine(
            $"{Indent}= {Milliseconds(report.Took)}{string.Concat(report.Result.Facts.Select(TextOf))}"
        );
    }

    private void Summarize(TimeSpan took)
    {
        int failed = Count(CheckOutcome.Fail);
        terminal.Out.WriteLine();
        terminal.Line(
            $"[bold {(failed == 0 ? Palette.GoodColor : Palette.BadColor)}]{Count(CheckOutcome.Pass)} passed, {failed} "
                + $"failed, {Count(CheckOutcome.Skip)} skipped[/] "
                + string.Create(CultureInfo.InvariantCulture, $"in {took.TotalSeconds:0.0} s")
        );
        if (failed > 0)
        {
            IEnumerable<string> ids = _reports
                .Where(report => report.Result.Outcome == CheckOutcome.Fail)
                .Select(report => report.Check.Id);
            terminal.Labeled("Failed: ", "Failed: ".Length, string.Join(", ", ids));
        }
    }

    private int Count(CheckOutcome outcome) => _reports.Count(report => report.Result.Outcome == outcome);

    private static string TextOf(Fact fact)
    {
        string? value = fact.Text is { } text
            ? TerminalText.Prose(text)
            : fact.Number?.ToString("0.###", CultureInfo.InvariantCulture);
        return $", {fact.Name} {value}";
    }

    private static string Milliseconds(TimeSpan took) =>
        string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds:0.0} ms");

    /// <summary>The word of an outcome, in its color.</summary>
    public static string Word(CheckOutcome outcome) =>
        outcome switch
        {
            CheckOutcome.Pass => Palette.Good("PASS"),
            CheckOutcome.Skip => Palette.Quiet("SKIP"),
            _ => Palette.Bad("FAIL"),
        };
}
