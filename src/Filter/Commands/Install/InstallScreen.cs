using FastGate.Commands.Clients;
using FastGate.Commands.Doctor;
using FastGate.Commands.Shared;
using FastGate.Host;

namespace FastGate.Commands.Install;

/// <summary>Prints the prompts, steps and checks of <c>install</c> and <c>uninstall</c> to the terminal.</summary>
internal sealed class InstallScreen(Terminal terminal, TimeProvider time)
{
    private const int LabelWidth = 9;
    private const int StepWidth = 5;
    private const int DetailIndent = 7;
    private const string UndoFailed = "UNDO FAILED";

    private readonly BuildProgress _progress = new(terminal, time);

    public Terminal Terminal => terminal;

    /// <summary>Shows what a step is doing, until its report. Any thread.</summary>
    public void Progress(string text) => _progress.Report(TerminalText.Prose(text));

    /// <summary>Prompts until the answer is valid; null when standard input ends.</summary>
    /// <returns>The index of the chosen option; for a yes-or-no question 1 for yes and 0 for no.</returns>
    public int? Ask(Question question)
    {
        WriteDetails(question);
        int? answer =
            question.Options.Count > 0 ? terminal.Choose(Escape(question.Text), [.. question.Options.Select(Escape)])
            : terminal.Ask(Escape(question.Text), question.IsYesByDefault) is { } yes
                ? yes ? 1
                    : 0
            : null;
        terminal.Out.WriteLine();
        return answer;
    }

    /// <summary>Prints the question with its default answer, without prompting.</summary>
    public int? AnswerByDefault(Question question)
    {
        WriteDetails(question);
        if (question.Options.Count > 0)
        {
            terminal.Paragraph(Terminal.Plain($"{Escape(question.Text)} {Escape(question.Options[0])}."));
            foreach (string other in question.Options.Skip(1))
                terminal.Labeled("  alternative: ", "  alternative: ".Length, Terminal.Plain(Escape(other)));
        }
        else
            terminal.Paragraph(Terminal.Plain($"{Escape(question.Text)} {(question.IsYesByDefault ? "Yes" : "No")}."));
        terminal.Out.WriteLine();
        return question.DefaultAnswer;
    }

    /// <summary>Prints the steps of a dry run.</summary>
    public async Task ShowAsync(InstallPlan plan)
    {
        terminal.Paragraph("Steps that install would run; this dry run changes nothing:");
        int number = 0;
        foreach (Step step in plan.Steps)
        {
            bool isDone = await step.IsDoneAsync();
            terminal.Labeled(
                $"{++number, 3}. ",
                StepWidth,
                Terminal.Plain($"{Escape(step.Line)}{(isDone ? " (already done)" : "")}")
            );
            if (isDone)
                continue;
            foreach (string line in step.Details)
                ShowDetail(Escape(line));
        }
        terminal.Labeled(
            $"{++number, 3}. ",
            StepWidth,
            "verify: Ollama listens only on loopback, a refused path, an allowed path, the added time"
        );
        ShowNotes(plan.Notes);
    }

    /// <returns>Whether every step succeeded.</returns>
    public async Task<bool> ShowAsync(IAsyncEnumerable<StepReport> reports)
    {
        bool isWell = true;
        await foreach (StepReport report in reports)
            isWell &= Show(report);
        return isWell;
    }

    /// <returns>Whether the step succeeded.</returns>
    public bool Show(StepReport report)
    {
        _progress.End();
        terminal.Labeled(Word(report.Outcome), WidthOf(report.Outcome), Terminal.Plain(Escape(report.Message)));
        return report.Outcome is not (StepOutcome.Failed or StepOutcome.UndoFailed);
    }

    /// <returns>Whether no check failed.</returns>
    public async Task<bool> ShowAsync(IAsyncEnumerable<CheckResult> checks)
    {
        bool isWell = true;
        terminal.Out.WriteLine();
        await foreach (CheckResult check in checks)
        {
            isWell &= check.Outcome != CheckOutcome.Fail;
            terminal.Labeled(DoctorScreen.Word(check.Outcome), LabelWidth, Terminal.Plain(Escape(check.Message)));
            if (check is { Outcome: not CheckOutcome.Pass, Cure: { } cure })
                terminal.ToCopy(LabelWidth, "fix", Escape(cure));
        }
        return isWell;
    }

    /// <summary>Prints the result of a rollback.</summary>
    public void ShowFailure(InstallPaths where)
    {
        terminal.Out.WriteLine();
        terminal.Paragraph(
            File.Exists(where.Journal)
                ? "The installation failed. Its changes were rolled back, except those marked UNDO FAILED "
                    + "above; fastgate uninstall retries those."
                : "The installation failed and was rolled back. Nothing was changed."
        );
    }

    public void ShowNotes(IReadOnlyList<string> notes)
    {
        if (notes.Count == 0)
            return;
        terminal.Out.WriteLine();
        foreach (string note in notes)
            terminal.Labeled("Note: ", 6, Terminal.Plain(Escape(note)));
    }

    /// <summary>Prints what the installation is for, before the first question.</summary>
    public void Introduce()
    {
        terminal.Paragraph("FastGate puts a gate between your clients and Ollama:");
        foreach (
            string reason in (string[])
                [
                    "Clients reach only the requests of an allowlist. What Ollama adds later stays closed.",
                    "Ollama listens only on loopback, so nothing on the network can go around the gate.",
                    "Nobody but you can pull, create or delete models, on this machine.",
                    "One place has the rules, the limits and the log.",
                ]
        )
            terminal.Labeled("  - ", 4, reason);
        terminal.Paragraph(
            "Without it, whoever can connect to Ollama can use all of it. Nothing changes before you confirm the "
                + "overview at the end of the questions."
        );
        terminal.Out.WriteLine();
    }

    /// <summary>Asks which clients will be used; null when standard input ends.</summary>
    public IReadOnlyList<Client>? AskClients(IReadOnlyList<string> allow)
    {
        terminal.Paragraph(
            Terminal.Plain(
                $"The rules so far ({string.Join(", ", allow)}) are enough for some clients. The others get a 403 "
                    + "until their own profile is in the config, which this answer writes into it."
            )
        );
        (string Name, string Text)[] options =
        [
            .. ClientCatalog.All.Select(client =>
                (
                    client.Id,
                    ClientRules.Missing(allow, [client]) is { Count: > 0 } added
                        ? $"{client.Title}: adds {string.Join(", ", added)}"
                        : $"{client.Title}: nothing to add"
                )
            ),
        ];
        IReadOnlyList<int>? chosen = terminal.ChooseAny("Which clients will you use?", options);
        terminal.Out.WriteLine();
        return chosen is null ? null : [.. chosen.Select(index => ClientCatalog.All[index])];
    }

    /// <summary>Prints the steps that are not done yet, and asks whether to run them; null when standard input
    /// ends.</summary>
    public async Task<bool?> ConfirmAsync(InstallPlan plan)
    {
        List<Step> steps = [];
        foreach (Step step in plan.Steps)
            if (!await step.IsDoneAsync())
                steps.Add(step);
        if (steps.Count == 0)
            return true;
        terminal.Out.WriteLine("Steps to run:");
        foreach ((int index, Step step) in steps.Index())
            terminal.Labeled($"{index + 1, 3}. ", StepWidth, Terminal.Plain(Escape(step.Line)));
        terminal.Labeled("", StepWidth, "then verify; if a step fails, everything is rolled back");
        bool? answer = terminal.Ask("Run these steps?", defaultAnswer: true);
        terminal.Out.WriteLine();
        return answer;
    }

    /// <summary>Prints whether the installation holds.</summary>
    public void ShowVerdict(bool isVerified)
    {
        terminal.Out.WriteLine();
        terminal.Paragraph(
            isVerified
                ? Palette.Good("FastGate is installed, and the checks passed.")
                : $"{Palette.Bad("FastGate is installed, but a check failed.")} Fix what is marked FAIL, then run "
                    + "fastgate doctor."
        );
    }

    private void WriteDetails(Question question)
    {
        foreach (string line in question.Details)
            terminal.Paragraph(Terminal.Plain(Escape(line)));
    }

    // A line of a file keeps its own indentation.
    private void ShowDetail(string line)
    {
        string text = line.TrimStart(' ');
        if (text.Length == 0)
            terminal.Out.WriteLine();
        else if (terminal.IsTerminal && !text.StartsWith('\t'))
            terminal.Paragraph(Terminal.Plain(text), DetailIndent + line.Length - text.Length);
        else
            terminal.Out.WriteLine($"{new string(' ', DetailIndent)}{line}".TrimEnd());
    }

    // Labels, paths and values come from files that others may have written. Property lists are indented with tabs.
    private static string Escape(string line) => string.Join('\t', line.Split('\t').Select(TerminalText.Prose));

    private static string Word(StepOutcome outcome) =>
        outcome switch
        {
            StepOutcome.Done => Palette.Good("done"),
            StepOutcome.Unchanged => Palette.Quiet("ok"),
            StepOutcome.Undone => Palette.Caution("undone"),
            StepOutcome.UndoFailed => Palette.Bad(UndoFailed),
            _ => Palette.Bad("FAILED"),
        };

    private static int WidthOf(StepOutcome outcome) =>
        outcome == StepOutcome.UndoFailed ? UndoFailed.Length + 1 : LabelWidth;
}
