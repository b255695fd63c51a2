using System.CommandLine;
using FastGate.Commands.Shared;
using FastGate.Host;

namespace FastGate.Commands.Install;

/// <summary><c>fastgate uninstall</c>: reverses what <c>install</c> did, and nothing else.</summary>
internal static class UninstallVerb
{
    public static Command Create(Terminal terminal)
    {
        Option<bool> dryRun = new("--dry-run") { Description = "Show every step without changing anything" };
        Option<bool> yes = new("--yes", "-y") { Description = "Skip the confirmation prompt" };
        Option<bool> logs = new("--logs")
        {
            Description = "Also delete /tmp/ollama.*.log and /tmp/haproxy.log, the logs of the set-up before FastGate",
        };
        Verb verb = new(
            "uninstall",
            "Reverse what install did; Ollama, its models and Tailscale are left in place.",
            new Example("fastgate uninstall --dry-run", "Show what would be reversed, without changing anything.")
        )
        {
            dryRun,
            yes,
            logs,
        };
        verb.SetAction(
            async (parsed, _) =>
            {
                using HttpProbe probe = new();
                (HostEnvironment? environment, string problem) = await HostEnvironmentReader.ReadAsync(probe);
                if (environment is not null)
                    return await RunAsync(
                        environment,
                        parsed.GetValue(dryRun),
                        parsed.GetValue(yes),
                        terminal,
                        parsed.GetValue(logs)
                    );
                return CouldNot(terminal, problem);
            }
        );
        return verb;
    }

    /// <summary>Runs the verb in the given environment.</summary>
    public static async Task<int> RunAsync(
        HostEnvironment environment,
        bool dryRun,
        bool yes,
        Terminal terminal,
        bool withOldLogs = false
    )
    {
        if (environment.IsSudo)
            return CouldNot(terminal, "uninstall runs as your own user: run it without sudo");
        Installer installer = new(environment);
        Journal journal;
        try
        {
            journal = Journal.Read(installer.Paths.Journal, environment.Machine.IsMac);
        }
        catch (InvalidDataException exception)
        {
            return CouldNot(terminal, TerminalText.Prose(exception.Message));
        }
        OldLogs old = withOldLogs ? OldLogs.Find(environment.TemporaryFolder) : OldLogs.None;
        if (journal.Changes.Count == 0 && old.Paths.Count == 0)
        {
            terminal.Paragraph(
                Terminal.Plain(
                    $"Nothing to uninstall: "
                        + $"{TerminalText.Prose(installer.Paths.Short(installer.Paths.Journal))} does not exist."
                )
            );
            return ExitCodes.Yes;
        }
        terminal.Paragraph(
            dryRun ? "Steps that uninstall would run; this dry run changes nothing:" : "Steps that uninstall will run:"
        );
        foreach (string line in installer.UndoLines(journal))
            terminal.Paragraph(Terminal.Plain(TerminalText.Prose(line)), indent: 2);
        foreach (string path in old.Paths)
            terminal.Paragraph(Terminal.Plain($"remove {TerminalText.Prose(path)}"), indent: 2);
        if (dryRun)
            return ExitCodes.Yes;
        return yes
            ? await UndoAsync(installer, journal, old, terminal)
            : await AskAsync(installer, journal, old, terminal);
    }

    private static async Task<int> AskAsync(Installer installer, Journal journal, OldLogs old, Terminal terminal)
    {
        if (terminal.Ask("Uninstall FastGate?", defaultAnswer: true) is not { } answer)
            return CouldNot(
                terminal,
                "standard input ended before the prompt was answered; use --yes to skip it. Nothing was changed."
            );
        return answer ? await UndoAsync(installer, journal, old, terminal) : ExitCodes.No;
    }

    private static async Task<int> UndoAsync(Installer installer, Journal journal, OldLogs old, Terminal terminal)
    {
        terminal.Out.WriteLine();
        InstallScreen screen = new(terminal, TimeProvider.System);
        bool isUndone = await screen.ShowAsync(installer.UndoAsync(journal));
        // The program may be gone by now: a single file, from which no further assembly can be loaded.
        foreach (StepReport report in old.Delete())
            isUndone &= screen.Show(report);
        terminal.Out.WriteLine();
        terminal.Paragraph(
            isUndone
                ? "FastGate was uninstalled."
                : "Some changes could not be undone: see UNDO FAILED above. Fix the cause, then run uninstall "
                    + "again."
        );
        return isUndone ? ExitCodes.Yes : ExitCodes.No;
    }

    private static int CouldNot(Terminal terminal, string problem) =>
        UsageError.CouldNot(terminal.Error, "uninstall", problem);
}

/// <summary>The logs that the set-up before FastGate left in /tmp: those of the agents <c>com.ollama</c> and
/// <c>com.haproxy</c>.</summary>
/// <param name="Paths">The files that exist.</param>
internal sealed record OldLogs(IReadOnlyList<string> Paths)
{
    public static OldLogs None { get; } = new([]);

    public static OldLogs Find(string folder) =>
        new([
            .. ((string[])["ollama.*.log", "haproxy.log"])
                .SelectMany(name => Directory.EnumerateFiles(folder, name))
                .Order(StringComparer.Ordinal),
        ]);

    /// <summary>Deletes the files, and reports each.</summary>
    public IEnumerable<StepReport> Delete()
    {
        foreach (string path in Paths)
            yield return Delete(path) is { } problem
                ? new StepReport(StepOutcome.UndoFailed, $"remove {path}: {problem}")
                : new StepReport(StepOutcome.Undone, $"removed {path}");
    }

    private static string? Delete(string path)
    {
        try
        {
            File.Delete(path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // In /tmp only the owner of a file may delete it.
            return exception.Message;
        }
    }
}
