using System.CommandLine;
using System.CommandLine.Invocation;
using FastGate.Commands.Check;
using FastGate.Commands.Demo;
using FastGate.Commands.Doctor;
using FastGate.Commands.Install;
using FastGate.Commands.Logs;
using FastGate.Commands.Run;
using FastGate.Commands.Shared;
using FastGate.Commands.Status;
using FastGate.Commands.Warm;

namespace FastGate.Commands;

/// <summary>The words behind <c>fastgate</c>: finds the verb that they name, runs it, and says what is wrong with
/// them.</summary>
internal static class CommandLine
{
    // A profile is written @seed; System.CommandLine would read a file of that name.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(string[] words, Terminal terminal)
    {
        // Signals are the verb's own affair: run drains.
        InvocationConfiguration settings = new()
        {
            Output = terminal.Out,
            Error = terminal.Error,
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        };
        string[] all = WithVerb(words);
        ParseResult parsed = Root(terminal, all[0]).Parse(all, Parsing);
        if (parsed.Action is not ParseErrorAction)
            return await InvokeAsync(parsed, settings, isRun: all[0] == RunVerb.Name);
        UsageError.Write(terminal.Error, parsed);
        return ExitCodes.CouldNot;
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, InvocationConfiguration settings, bool isRun)
    {
        try
        {
            return await parsed.InvokeAsync(settings);
        }
        catch (Exception unwritable) when (unwritable is OutputException || (unwritable is IOException && !isRun))
        {
            // A full disk behind the output. What ends the gate is told with all that is known of it.
            await settings.Error.WriteLineAsync($"fastgate: {unwritable.Message.TrimEnd('.')}.");
            return ExitCodes.CouldNot;
        }
    }

    /// <summary>The verbs, in the order of the help. Each is a file; one line each here.</summary>
    private static Command[] Verbs(Terminal terminal) =>
        [
            RunVerb.Create(terminal),
            CheckVerb.Create(terminal),
            StatusVerb.Create(terminal),
            DemoVerb.Create(),
            LogsVerb.Create(terminal),
            WarmVerb.Create(terminal),
            DoctorVerb.Create(terminal),
            InstallVerb.Create(terminal),
            UninstallVerb.Create(terminal),
        ];

    private static RootCommand Root(Terminal terminal, string first)
    {
        RootCommand root = new(HelpPage.Sentence);
        // The gate stays for months and holds no more than it needs; the other verbs would take it a megabyte.
        foreach (Command verb in first == RunVerb.Name ? [RunVerb.Create(terminal)] : Verbs(terminal))
            root.Add(verb);
        HelpPage.Replace(root);
        return root;
    }

    /// <summary>Without a verb it is run; and <c>help</c>, which many try first, is understood.</summary>
    private static string[] WithVerb(string[] words) =>
        words switch
        {
            [] => [RunVerb.Name],
            ["help"] => ["--help"],
            ["help", var verb] => [verb, "--help"],
            ["-h" or "-?" or "/?" or "/h" or "--help" or "--version", ..] => words,
            [['-', ..], ..] => [RunVerb.Name, .. words],
            _ => words,
        };
}
