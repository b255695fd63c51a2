using FastGate.Commands.Doctor;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;

namespace FastGate.Commands.Install;

/// <summary>Shows an installation, or its inverse, as it goes.</summary>
internal sealed class InstallScreen(Terminal terminal, InstallPaths places)
{
    /// <summary>Asks; null if nobody answers.</summary>
    /// <returns>The number of the option, or 1 for yes and 0 for no.</returns>
    public int? Ask(Question question)
    {
        WriteBefore(question);
        int? answer =
            question.Options.Count > 0 ? terminal.Choose(Shown(question.Text), [.. question.Options.Select(Shown)])
            : terminal.Ask(Shown(question.Text), question.Usual) is { } yes
                ? yes ? 1
                    : 0
            : null;
        terminal.Out.WriteLine();
        return answer;
    }

    /// <summary>Says what would be asked, and takes the usual answer.</summary>
    public int? Tell(Question question)
    {
        WriteBefore(question);
        if (question.Options.Count > 0)
        {
            terminal.Out.WriteLine($"{Shown(question.Text)} {Shown(question.Options[0])}.");
            foreach (string other in question.Options.Skip(1))
                terminal.Out.WriteLine($"  instead of: {Shown(other)}");
        }
        else
            terminal.Out.WriteLine($"{Shown(question.Text)} {(question.Usual ? "Yes" : "No")}.");
        terminal.Out.WriteLine();
        return question.UsualAnswer;
    }

    /// <summary>What a plan would do.</summary>
    public async Task ShowAsync(InstallPlan plan)
    {
        terminal.Out.WriteLine("What install would do; nothing is changed now:");
        int number = 0;
        foreach (Step step in plan.Steps)
        {
            bool isDone = await step.IsDoneAsync();
            terminal.Out.WriteLine($"{++number, 3}. {Shown(step.Line)}{(isDone ? " (nothing to do)" : "")}");
            if (isDone)
                continue;
            foreach (string line in step.Details)
                terminal.Out.WriteLine($"       {Shown(line)}".TrimEnd());
        }
        terminal.Out.WriteLine(
            $"{++number, 3}. look whether it holds: Ollama on loopback only, a refused path, an allowed "
                + $"one, the time that the gate adds"
        );
        Notes(plan.Notes);
    }

    /// <returns>Whether all went well.</returns>
    public async Task<bool> FollowAsync(IAsyncEnumerable<StepReport> reports)
    {
        bool isWell = true;
        await foreach (StepReport report in reports)
        {
            isWell &= report.Outcome is not (StepOutcome.Failed or StepOutcome.Stands);
            terminal.Line($"{Word(report.Outcome)} {Terminal.Plain(Shown(report.Message))}");
        }
        return isWell;
    }

    /// <returns>Whether no check failed.</returns>
    public async Task<bool> FollowAsync(IAsyncEnumerable<CheckResult> checks)
    {
        bool isWell = true;
        terminal.Out.WriteLine();
        await foreach (CheckResult check in checks)
        {
            isWell &= check.Outcome != CheckOutcome.Fail;
            terminal.Line($"{Word(check.Outcome)} {Terminal.Plain(Shown(check.Message))}");
            if (check is { Outcome: not CheckOutcome.Pass, Cure: { } cure })
                terminal.ToCopy(9, "cure", Shown(cure));
        }
        return isWell;
    }

    /// <summary>After a failure that was taken back.</summary>
    public void Ended(InstallPaths where)
    {
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            File.Exists(where.Journal)
                ? "It failed. What this run did was taken back, but for what stands above; fastgate "
                    + "uninstall tries to undo that as well."
                : "It failed. Everything is as it was before."
        );
    }

    public void Notes(IReadOnlyList<string> notes)
    {
        if (notes.Count == 0)
            return;
        terminal.Out.WriteLine();
        foreach (string note in notes)
            terminal.Out.WriteLine($"Note: {Shown(note)}");
    }

    /// <summary>What a person needs now: the program's name, and what to tell Tailscale.</summary>
    public void HowToGoOn(HostEnvironment site, GatePlan plan)
    {
        string folder = Path.GetDirectoryName(places.Program)!;
        bool isFound = site.SearchPath.Split(':').Contains(folder);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            $"Program  {places.Short(places.Program)}{(isFound ? "" : $" (its folder is not on your PATH: export PATH=\"{folder}:$PATH\")")}"
        );
        terminal.Out.WriteLine($"Config   {places.Short(places.Config)}");
        terminal.Out.WriteLine($"Logs     {places.Short(places.LogFolder)}/");
        terminal.Out.WriteLine("Undo     fastgate uninstall");
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            "Tailscale: give this machine the tag ai-server and your clients ai-client, and put this "
                + "into the access controls"
        );
        terminal.Out.WriteLine(
            "(https://login.tailscale.com/admin/acls); a rule that allows more, such as the first one "
                + "of a new tailnet, has to go:"
        );
        terminal.Out.WriteLine();
        foreach (
            string line in TailscaleAcl
                .Text(plan.Listeners.Select(listener => listener.Options.Address.Port))
                .Split('\n')
        )
            terminal.Out.WriteLine($"  {line.TrimEnd()}");
    }

    private void WriteBefore(Question question)
    {
        foreach (string line in question.Before)
            terminal.Out.WriteLine(Shown(line));
    }

    // Labels, paths and values come from files that anybody may have written; property lists are indented with tabs.
    private static string Shown(string line) => string.Join('\t', line.Split('\t').Select(TerminalText.Prose));

    private static string Word(StepOutcome outcome) =>
        outcome switch
        {
            StepOutcome.Done => "[green]done[/]    ",
            StepOutcome.Already => "[dim]already[/] ",
            StepOutcome.Undone => "[yellow]undone[/]  ",
            StepOutcome.Stands => "[red]STANDS[/]  ",
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

/// <summary>What to paste into Tailscale's access controls, so that only the chosen machines reach the gate.</summary>
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
