using System.Diagnostics;
using System.Globalization;
using FastGate.Commands.Shared;
using FastGate.Config;

namespace FastGate.Commands.Doctor;

/// <summary>Shows an examination as it goes: for people on a terminal or in a file, or as JSON when all is
/// over.</summary>
internal sealed class DoctorScreen(Terminal terminal, bool json, bool verbose)
{
    private const int OutcomeWidth = 4;
    private const int TitleWidth = 21;

    private const int AlikeMany = 3;

    private static readonly string Indent = new(' ', OutcomeWidth + 4);

    private readonly List<CheckReport> _results = [];
    private readonly List<CheckReport> _alike = [];

    /// <returns>Whether no check failed.</returns>
    public async Task<bool> ShowAsync(DoctorContext patient, IAsyncEnumerable<CheckStep> steps)
    {
        long start = Stopwatch.GetTimestamp();
        if (json)
        {
            await foreach (CheckStep step in steps)
                Take(step);
            terminal.Out.Write(DoctorJson.Write(patient, _results, Stopwatch.GetElapsedTime(start), verbose));
        }
        else
        {
            Introduce(patient);
            try
            {
                await FollowAsync(steps);
            }
            finally
            {
                // Also when Ctrl-C has ended it in the middle.
                terminal.EndProgress();
            }
            Sum(Stopwatch.GetElapsedTime(start));
        }
        return _results.All(result => result.Finding.Outcome != CheckOutcome.Fail);
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
            if (step.Result is null)
                terminal.Progress(
                    $"  {step.Number}/{step.Count}  {CheckGroups.HeadingOf(step.Check.Group)}: {step.Check.Title}"
                );
            if (!Take(step))
                continue;
            terminal.EndProgress();
            CheckReport result = step.Result!;
            if (group != step.Check.Group || !IsAlike(result))
                ShowAlike();
            if (group != step.Check.Group)
                Head(step.Check.Group);
            group = step.Check.Group;
            if (IsAlike(result))
                _alike.Add(result);
            else
                Show(result);
        }
        ShowAlike();
    }

    // What is skipped for one reason is one line, so that what is wrong is not lost among it.
    private bool IsAlike(CheckReport result) =>
        !verbose
        && result.Finding is { Outcome: CheckOutcome.Skip, Cure: null }
        && (_alike.Count == 0 || _alike[0].Finding.Message == result.Finding.Message);

    private void ShowAlike()
    {
        if (_alike.Count < AlikeMany)
            _alike.ForEach(Show);
        else
            Row(CheckOutcome.Skip, $"{_alike.Count} checks", _alike[0].Finding.Message);
        _alike.Clear();
    }

    private bool Take(CheckStep step)
    {
        if (step.Result is { } result)
            _results.Add(result);
        return step.Result is not null;
    }

    private void Introduce(DoctorContext patient)
    {
        string what = patient.IsRemote
            ? $"the gate at {patient.Options.Target}, seen from here"
            : $"{string.Join(", ", patient.Plan.Listeners.Select(listener => listener.Options.Address))} "
                + $"→ Ollama at {patient.Plan.Upstream}";
        terminal.Line($"[bold]FastGate doctor[/]  {Terminal.Plain(what)}");
    }

    private void Head(CheckGroup group)
    {
        terminal.Out.WriteLine();
        terminal.Line($"[bold]{CheckGroups.HeadingOf(group)}[/]");
    }

    private void Show(CheckReport result)
    {
        Row(result.Finding.Outcome, result.Check.Title, result.Finding.Message);
        if (result.Finding.Cure is { } cure)
            terminal.ToCopy(Indent.Length, "cure", TerminalText.Prose(cure));
        if (verbose)
            Exchanges(result);
    }

    private void Row(CheckOutcome outcome, string title, string says) =>
        terminal.Columns(
            (Word(outcome), OutcomeWidth),
            (Terminal.Plain(title), TitleWidth),
            (Terminal.Plain(TerminalText.Prose(says)), 0)
        );

    private void Exchanges(CheckReport result)
    {
        foreach (ExchangeNote note in result.Exchanges)
        {
            terminal.Out.WriteLine($"{Indent}> {TerminalText.Prose(note.Asked)}");
            terminal.Out.WriteLine($"{Indent}< {TerminalText.Prose(note.Heard)} [{Milliseconds(note.Took)}]");
        }
        terminal.Out.WriteLine(
            $"{Indent}= {Milliseconds(result.Took)}{string.Concat(result.Finding.Facts.Select(Words))}"
        );
    }

    private void Sum(TimeSpan took)
    {
        int failed = Count(CheckOutcome.Fail);
        terminal.Out.WriteLine();
        terminal.Line(
            $"[bold]{(failed == 0 ? "[green]" : "[red]")}{Count(CheckOutcome.Pass)} passed, {failed} "
                + $"failed, {Count(CheckOutcome.Skip)} skipped[/][/] "
                + string.Create(CultureInfo.InvariantCulture, $"in {took.TotalSeconds:0.0} s")
        );
        if (failed > 0)
            terminal.Out.WriteLine(
                $"Failed: {string.Join(", ", _results.Where(result => result.Finding.Outcome == CheckOutcome.Fail).Select(result => result.Check.Id))}"
            );
    }

    private int Count(CheckOutcome outcome) => _results.Count(result => result.Finding.Outcome == outcome);

    private static string Words(Fact fact) =>
        $", {fact.Name} {(fact.Text is { } text ? TerminalText.Prose(text) : null) ?? fact.Number?.ToString("0.###", CultureInfo.InvariantCulture)}";

    private static string Milliseconds(TimeSpan took) =>
        string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds:0.0} ms");

    private static string Word(CheckOutcome outcome) =>
        outcome switch
        {
            CheckOutcome.Pass => "[green]PASS[/]",
            CheckOutcome.Skip => "[dim]SKIP[/]",
            _ => "[red]FAIL[/]",
        };
}
