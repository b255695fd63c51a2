using FastGate.Commands.Doctor;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;

namespace FastGate.Commands.Install;

/// <summary>Prints the prompts, steps and checks of <c>install</c> and <c>uninstall</c> to the terminal.</summary>
internal sealed class InstallScreen(Terminal terminal, InstallPaths paths, TimeProvider time)
{
    private readonly BuildProgress _progress = new(terminal, time);

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
            terminal.Out.WriteLine($"{Escape(question.Text)} {Escape(question.Options[0])}.");
            foreach (string other in question.Options.Skip(1))
                terminal.Out.WriteLine($"  alternative: {Escape(other)}");
        }
        else
            terminal.Out.WriteLine($"{Escape(question.Text)} {(question.IsYesByDefault ? "Yes" : "No")}.");
        terminal.Out.WriteLine();
        return question.DefaultAnswer;
    }

    /// <summary>Prints the steps of a dry run.</summary>
    public async Task ShowAsync(InstallPlan plan)
    {
        terminal.Out.WriteLine("Steps that install would run; this dry run changes nothing:");
        int number = 0;
        foreach (Step step in plan.Steps)
        {
            bool isDone = await step.IsDoneAsync();
            terminal.Out.WriteLine($"{++number, 3}. {Escape(step.Line)}{(isDone ? " (already done)" : "")}");
            if (isDone)
                continue;
            foreach (string line in step.Details)
                terminal.Out.WriteLine($"       {Escape(line)}".TrimEnd());
        }
        terminal.Out.WriteLine(
            $"{++number, 3}. verify: Ollama listens only on loopback, a refused path, an allowed path, "
                + $"the added time"
        );
        ShowNotes(plan.Notes);
    }

    /// <returns>Whether every step succeeded.</returns>
    public async Task<bool> ShowAsync(IAsyncEnumerable<StepReport> reports)
    {
        bool isWell = true;
        await foreach (StepReport report in reports)
        {
            _progress.End();
            isWell &= report.Outcome is not (StepOutcome.Failed or StepOutcome.UndoFailed);
            terminal.Line($"{Word(report.Outcome)} {Terminal.Plain(Escape(report.Message))}");
        }
        return isWell;
    }

    /// <returns>Whether no check failed.</returns>
    public async Task<bool> ShowAsync(IAsyncEnumerable<CheckResult> checks)
    {
        bool isWell = true;
        terminal.Out.WriteLine();
        await foreach (CheckResult check in checks)
        {
            isWell &= check.Outcome != CheckOutcome.Fail;
            terminal.Line($"{Word(check.Outcome)} {Terminal.Plain(Escape(check.Message))}");
            if (check is { Outcome: not CheckOutcome.Pass, Cure: { } cure })
                terminal.ToCopy(9, "fix", Escape(cure));
        }
        return isWell;
    }

    /// <summary>Prints the result of a rollback.</summary>
    public void ShowFailure(InstallPaths where)
    {
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
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
            terminal.Out.WriteLine($"Note: {Escape(note)}");
    }

    /// <summary>Prints the installed paths and the Tailscale access rule.</summary>
    public void ShowNextSteps(HostEnvironment environment, GatePlan plan)
    {
        string folder = Path.GetDirectoryName(paths.Program)!;
        bool isOnPath = environment.SearchPath.Split(':').Contains(folder);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            $"Program  {paths.Short(paths.Program)}"
                + (isOnPath ? "" : $" (its folder is not on your PATH; run export PATH=\"{folder}:$PATH\")")
        );
        terminal.Out.WriteLine($"Config   {paths.Short(paths.Config)}");
        terminal.Out.WriteLine($"Logs     {paths.Short(paths.LogFolder)}/");
        terminal.Out.WriteLine("Undo     fastgate uninstall");
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            "Tailscale: tag this machine ai-server and your clients ai-client, and add this rule to the "
                + "access controls"
        );
        terminal.Out.WriteLine(
            "(https://login.tailscale.com/admin/acls). Remove any broader rule, such as the default one "
                + "of a new tailnet:"
        );
        terminal.Out.WriteLine();
        foreach (
            string line in TailscaleAcl
                .Text(plan.Listeners.Select(listener => listener.Options.Address.Port))
                .Split('\n')
        )
            terminal.Out.WriteLine($"  {line.TrimEnd()}");
    }

    private void WriteDetails(Question question)
    {
        foreach (string line in question.Details)
            terminal.Out.WriteLine(Escape(line));
    }

    // Labels, paths and values come from files that others may have written. Property lists are indented with tabs.
    private static string Escape(string line) => string.Join('\t', line.Split('\t').Select(TerminalText.Prose));

    private static string Word(StepOutcome outcome) =>
        outcome switch
        {
            StepOutcome.Done => "[green]done[/]    ",
            StepOutcome.Unchanged => "[dim]ok[/]      ",
            StepOutcome.Undone => "[yellow]undone[/]  ",
            StepOutcome.UndoFailed => "[red]UNDO FAILED[/]",
            _ => "[red]FAILED[/]  ",
        };

    private static string Word(CheckOutcome outcome) =>
        outcome switch
        {
            CheckOutcome.Pass => "[green]PASS[/]    ",
            CheckOutcome.Skip => "[yellow]SKIP[/]    ",
            _ => "[red]FAIL[/]    ",
        };
}

/// <summary>The rule to paste into Tailscale's access controls: only tagged clients reach the gate.</summary>
internal static class TailscaleAcl
{
    /// <param name="ports">The ports of the gate.</param>
    public static string Text(IEnumerable<int> ports)
    {
        string to = string.Join(", ", ports.Distinct().Select(port => $"\"tag:ai-server:{port}\""));
        return $$"""
            {
              "tagOwners": {
                "tag:ai-server": ["autogroup:admin"],
                "tag:ai-client": ["autogroup:admin"]
              },
              "acls": [
                { "action": "accept", "src": ["tag:ai-client"], "dst": [{{to}}] }
              ]
            }
            """;
    }
}
