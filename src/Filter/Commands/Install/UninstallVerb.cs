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
                (HostEnvironment? site, string problem) = await HostEnvironmentReader.ReadAsync(probe);
                if (site is not null)
                    return await RunAsync(site, parsed.GetValue(dryRun), parsed.GetValue(yes), terminal);
                return CouldNot(terminal, problem);
            }
        );
        return verb;
    }

    /// <summary>The verb on any site.</summary>
    public static async Task<int> RunAsync(HostEnvironment site, bool dryRun, bool yes, Terminal terminal)
    {
        if (site.IsSudo)
            return CouldNot(terminal, "this is for your own login: run it without sudo");
        Installer installer = new(site);
        Journal journal;
        try
        {
            journal = Journal.Read(installer.Places.Journal, site.Machine.IsMac);
        }
        catch (InvalidDataException unreadable)
        {
            return CouldNot(terminal, TerminalText.Prose(unreadable.Message));
        }
        if (journal.Changes.Count == 0)
        {
            terminal.Out.WriteLine(
                $"Nothing is installed here: there is "
                    + $"no {TerminalText.Prose(installer.Places.Short(installer.Places.Journal))}."
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
        bool isWell = await new InstallScreen(terminal, installer.Places).FollowAsync(installer.UndoAsync(journal));
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
