using System.CommandLine;
using System.CommandLine.Invocation;

namespace FastGate.Cli;

/// <summary>The words behind <c>fastgate</c>: finds the verb that they name, runs it, and says what is wrong with them.</summary>
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
        ParseResult parsed = Root(terminal).Parse(WithVerb(words), Parsing);
        if (parsed.Action is not ParseErrorAction) return await parsed.InvokeAsync(settings);
        Complaint.Write(terminal.Error, parsed);
        return ExitCodes.CouldNot;
    }

    /// <summary>The verbs, in the order of the help. Each is a file; one line each here.</summary>
    private static Command[] Verbs(Terminal terminal) =>
    [
        RunVerb.Create(terminal),
        CheckVerb.Create(terminal),
        DemoVerb.Create(),
        InstallVerb.Create(terminal),
        UninstallVerb.Create(terminal),
    ];

    private static RootCommand Root(Terminal terminal)
    {
        RootCommand root = new(HelpPage.Sentence);
        foreach (Command verb in Verbs(terminal)) root.Add(verb);
        HelpPage.Replace(root);
        return root;
    }

    /// <summary>Without a verb it is run; and <c>help</c>, which many try first, is understood.</summary>
    private static string[] WithVerb(string[] words) => words switch
    {
        [] => [RunVerb.Name],
        ["help"] => ["--help"],
        ["help", var verb] => [verb, "--help"],
        ["-h" or "-?" or "/?" or "/h" or "--help" or "--version", ..] => words,
        [['-', ..], ..] => [RunVerb.Name, .. words],
        _ => words,
    };
}
