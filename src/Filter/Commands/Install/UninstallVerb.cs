using System.CommandLine;
using FastGate.Commands.Shared;
using FastGate.Host;

namespace FastGate.Commands.Install;

/// <summary><c>fastgate uninstall</c>: takes back what <c>install</c> did, and nothing else.</summary>
internal static class UninstallVerb
{
    public static Command Create(Terminal terminal)
    {
        Option<bool> dryRun = new("--dry-run") { Description = "Show every step, and change nothing" };
        Option<bool> yes = new("--yes", "-y") { Description = "Do not ask" };
        Verb verb = new(
            "uninstall",
            "Take back what install did; Ollama, its models and Tailscale stay.",
            new Example("fastgate uninstall --dry-run", "What would be taken back? Nothing is changed.")
        )
        {
            dryRun,
            yes,
        };
        verb.SetAction(
            async (parsed, _) =>
            {
                using HttpProbe probe = new();
                (HostEnvironment? environment, string problem) = await HostEnvironmentReader.ReadAsync(probe);
                if (environment is not null)
                    return await RunAsync(environment, parsed.GetValue(dryRun), parsed.GetValue(yes), terminal);
                return CouldNot(terminal, problem);
            }
        );
        return verb;
    }

    /// <summary>The verb on any environment.</summary>
    public static async Task<int> RunAsync(HostEnvironment environment, bool dryRun, bool yes, Terminal terminal)
    {
        if (environment.IsSudo)
            return CouldNot(terminal, "this is for your own login: run it without sudo");
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
        if (journal.Changes.Count == 0)
        {
            terminal.Out.WriteLine(
                $"Nothing is installed here: there is "
                    + $"no {TerminalText.Prose(installer.Paths.Short(installer.Paths.Journal))}."
            );
            return ExitCodes.Yes;
        }
        terminal.Out.WriteLine(dryRun ? "What uninstall would do; nothing is changed now:" : "Uninstall will:");
        foreach (string line in installer.UndoLines(journal))
            terminal.Out.WriteLine($"  {TerminalText.Prose(line)}");
        if (dryRun)
            return ExitCodes.Yes;
        return yes ? await UndoAsync(installer, journal, terminal) : await AskAsync(installer, journal, terminal);
    }

    private static async Task<int> AskAsync(Installer installer, Journal journal, Terminal terminal)
    {
        if (terminal.Ask("Do it?", usual: true) is not { } answer)
            return CouldNot(terminal, "there is nobody to answer; --yes does it. Nothing was changed.");
        return answer ? await UndoAsync(installer, journal, terminal) : ExitCodes.No;
    }

    private static async Task<int> UndoAsync(Installer installer, Journal journal, Terminal terminal)
    {
        terminal.Out.WriteLine();
        bool isWell = await new InstallScreen(terminal, installer.Paths).ShowAsync(installer.UndoAsync(journal));
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            isWell
                ? "FastGate is uninstalled."
                : "Not all could be taken back: what is marked above stands. Run uninstall again when its "
                    + "cause is gone."
        );
        return isWell ? ExitCodes.Yes : ExitCodes.No;
    }

    private static int CouldNot(Terminal terminal, string problem) =>
        UsageError.CouldNot(terminal.Error, "uninstall", problem);
}
