using System.CommandLine;
using System.CommandLine.Invocation;
using FastGate.Commands.Check;
using FastGate.Commands.Clients;
using FastGate.Commands.Demo;
using FastGate.Commands.Doctor;
using FastGate.Commands.Install;
using FastGate.Commands.Logs;
using FastGate.Commands.Run;
using FastGate.Commands.Service;
using FastGate.Commands.Shared;
using FastGate.Commands.Shell;
using FastGate.Commands.Status;
using FastGate.Commands.Warm;

namespace FastGate.Commands;

/// <summary>Parses the command line, runs the verb that it names, and reports usage errors.</summary>
internal static class CommandLine
{
    // System.CommandLine would read the profile @seed as a response file named seed.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(string[] arguments, Terminal terminal)
    {
        // Each verb handles signals itself: run finishes responses in flight.
        InvocationConfiguration settings = new()
        {
            Output = terminal.Out,
            Error = terminal.Error,
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        };
        if (arguments is [Completion.Directive, var line])
        {
            Completion.Write(Root(terminal, ""), line, RunVerb.Name, Parsing, terminal);
            return ExitCodes.Yes;
        }
        if (arguments is [ManPage.Directive])
        {
            terminal.Out.Write(ManPage.Of(Verbs(terminal)));
            return ExitCodes.Yes;
        }
        // A second gate could only fail on the port.
        if (arguments.Length == 0 && terminal.IsInteractive && await StatusVerb.TryShowRunningAsync(terminal))
        {
            terminal.Out.WriteLine();
            HelpPage.Write(terminal, Verbs(terminal));
            return ExitCodes.Yes;
        }
        string[] all = WithVerb(arguments);
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
        catch (Exception exception) when (exception is OutputException || (exception is IOException && !isRun))
        {
            // The output cannot be written, for example to a full disk. An error that stops the gate keeps its stack.
            await settings.Error.WriteLineAsync($"fastgate: {exception.Message.TrimEnd('.')}.");
            return ExitCodes.CouldNot;
        }
    }

    /// <summary>Creates the verbs, in the order in which the help lists them.</summary>
    private static Command[] Verbs(Terminal terminal) =>
        [
            RunVerb.Create(terminal),
            CheckVerb.Create(terminal),
            StatusVerb.Create(terminal),
            ClientsVerb.Create(terminal),
            DemoVerb.Create(),
            LogsVerb.Create(terminal),
            WarmVerb.Create(terminal),
            DoctorVerb.Create(terminal),
            .. ServiceVerbs.Create(terminal),
            InstallVerb.Create(terminal),
            UninstallVerb.Create(terminal),
        ];

    private static RootCommand Root(Terminal terminal, string first)
    {
        RootCommand root = new(HelpPage.Sentence);
        // The gate runs for months; creating the other verbs would cost it a megabyte.
        foreach (Command verb in first == RunVerb.Name ? [RunVerb.Create(terminal)] : Verbs(terminal))
            root.Add(verb);
        HelpPage.Replace(root, terminal);
        return root;
    }

    /// <summary>Adds <c>run</c> where no verb is given, and turns <c>help</c> into <c>--help</c>.</summary>
    private static string[] WithVerb(string[] arguments) =>
        arguments switch
        {
            [] => [RunVerb.Name],
            ["help"] => ["--help"],
            ["help", var verb] => [verb, "--help"],
            ["-h" or "-?" or "/?" or "/h" or "--help" or "--version", ..] => arguments,
            [['-', ..], ..] => [RunVerb.Name, .. arguments],
            _ => arguments,
        };
}
