using System.Diagnostics;
using System.Globalization;
using FastGate.Commands.Install;
using FastGate.Commands.Shared;
using FastGate.Config;

namespace FastGate.Commands.Doctor;

/// <summary>Shows an examination as it goes: for people on a terminal or in a file, or as JSON when all is over.</summary>
internal sealed class DoctorScreen(Terminal terminal, bool json, bool verbose)
{
    private const int OutcomeWidth = 4;
    private const int TitleWidth = 21;

    private const int AlikeMany = 3;

    private static readonly string Indent = new(' ', OutcomeWidth + 4);

    private readonly List<CheckResult> results = [];
    private readonly List<CheckResult> alike = [];

    /// <returns>Whether no check failed.</returns>
    public async Task<bool> ShowAsync(Patient patient, IAsyncEnumerable<CheckStep> steps)
    {
        long start = Stopwatch.GetTimestamp();
        if (json)
        {
            await foreach (CheckStep step in steps) Take(step);
            terminal.Out.Write(DoctorJson.Write(patient, results, Stopwatch.GetElapsedTime(start), verbose));
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
        return results.All(result => result.Finding.Outcome != CheckOutcome.Fail);
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
            if (step.Result is null) terminal.Progress($"  {step.Number}/{step.Count}  {CheckGroups.HeadingOf(step.Check.Group)}: {step.Check.Title}");
            if (!Take(step)) continue;
            terminal.EndProgress();
            CheckResult result = step.Result!;
            if (group != step.Check.Group || !IsAlike(result)) ShowAlike();
            if (group != step.Check.Group) Head(step.Check.Group);
            group = step.Check.Group;
            if (IsAlike(result)) alike.Add(result);
            else Show(result);
        }
        ShowAlike();
    }

    // What is skipped for one reason is one line, so that what is wrong is not lost among it.
    private bool IsAlike(CheckResult result) => !verbose && result.Finding is { Outcome: CheckOutcome.Skip, Cure: null }
        && (alike.Count == 0 || alike[0].Finding.Says == result.Finding.Says);

    private void ShowAlike()
    {
        if (alike.Count < AlikeMany) alike.ForEach(Show);
        else Row(CheckOutcome.Skip, $"{alike.Count} checks", alike[0].Finding.Says);
        alike.Clear();
    }

    private bool Take(CheckStep step)
    {
        if (step.Result is { } result) results.Add(result);
        return step.Result is not null;
    }

    private void Introduce(Patient patient)
    {
        string what = patient.IsRemote
            ? $"the gate at {patient.Options.Target}, seen from here"
            : $"{string.Join(", ", patient.Plan.Listeners.Select(listener => listener.Options.Address))} → Ollama at {patient.Plan.Upstream}";
        terminal.Line($"[bold]FastGate doctor[/]  {Terminal.Plain(what)}");
    }

    private void Head(CheckGroup group)
    {
        terminal.Out.WriteLine();
        terminal.Line($"[bold]{CheckGroups.HeadingOf(group)}[/]");
    }

    private void Show(CheckResult result)
    {
        Row(result.Finding.Outcome, result.Check.Title, result.Finding.Says);
        if (result.Finding.Cure is { } cure) terminal.ToCopy(Indent.Length, "cure", Visible.Prose(cure));
        if (verbose) Exchanges(result);
    }

    private void Row(CheckOutcome outcome, string title, string says) =>
        terminal.Columns((Word(outcome), OutcomeWidth), (Terminal.Plain(title), TitleWidth), (Terminal.Plain(Visible.Prose(says)), 0));

    private void Exchanges(CheckResult result)
    {
        foreach (ExchangeNote note in result.Exchanges)
        {
            terminal.Out.WriteLine($"{Indent}> {Visible.Prose(note.Asked)}");
            terminal.Out.WriteLine($"{Indent}< {Visible.Prose(note.Heard)} [{Milliseconds(note.Took)}]");
        }
        terminal.Out.WriteLine($"{Indent}= {Milliseconds(result.Took)}{string.Concat(result.Finding.Facts.Select(Words))}");
    }

    private void Sum(TimeSpan took)
    {
        int failed = Count(CheckOutcome.Fail);
        terminal.Out.WriteLine();
        terminal.Line($"[bold]{(failed == 0 ? "[green]" : "[red]")}{Count(CheckOutcome.Pass)} passed, {failed} failed, {Count(CheckOutcome.Skip)} skipped[/][/] "
            + string.Create(CultureInfo.InvariantCulture, $"in {took.TotalSeconds:0.0} s"));
        if (failed > 0) terminal.Out.WriteLine($"Failed: {string.Join(", ", results.Where(result => result.Finding.Outcome == CheckOutcome.Fail).Select(result => result.Check.Id))}");
    }

    private int Count(CheckOutcome outcome) => results.Count(result => result.Finding.Outcome == outcome);

    private static string Words(Fact fact) => $", {fact.Name} {(fact.Text is { } text ? Visible.Prose(text) : null) ?? fact.Number?.ToString("0.###", CultureInfo.InvariantCulture)}";

    private static string Milliseconds(TimeSpan took) => string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds:0.0} ms");

    private static string Word(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Pass => "[green]PASS[/]",
        CheckOutcome.Skip => "[dim]SKIP[/]",
        _ => "[red]FAIL[/]",
    };
}
