using System.CommandLine;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Shared;

/// <summary>Writes the errors of a command line, one line each.</summary>
internal static class UsageError
{
    public static void Write(TextWriter to, ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        // The errors after an unknown argument are mostly consequences of it.
        IEnumerable<string> errors = parsed.UnmatchedTokens is [var first, ..]
            ? [Unknown(first, command)]
            : parsed.Errors.Select(error => error.Message).Distinct();
        foreach (string error in errors)
            to.WriteLine($"fastgate: {error}");
        PointToHelp(to, command);
    }

    /// <summary>Reports an argument that was parsed as something else, although it looks like a flag.</summary>
    public static void WriteUnknown(TextWriter to, string argument, Command command)
    {
        to.WriteLine($"fastgate: {Unknown(argument, command)}");
        PointToHelp(to, command);
    }

    /// <summary>Reports why a verb could not run.</summary>
    /// <returns><see cref="ExitCodes.CouldNot"/>.</returns>
    public static int CouldNot(TextWriter to, string verb, string problem)
    {
        to.WriteLine($"fastgate {verb}: {problem}");
        return ExitCodes.CouldNot;
    }

    private static void PointToHelp(TextWriter to, Command command) =>
        to.WriteLine($"See: fastgate{(command is RootCommand ? "" : $" {command.Name}")} --help");

    private static string Unknown(string argument, Command command)
    {
        bool isFlag = argument.StartsWith('-');
        IEnumerable<string> known = isFlag
            ? command.Options.Select(option => option.Name)
            : command.Subcommands.Select(verb => verb.Name);
        string problem =
            isFlag ? "unknown flag"
            : command.Subcommands.Count > 0 ? "unknown verb"
            : "unexpected argument";
        string error = $"{problem} \"{argument}\"{(command is RootCommand ? "" : $" for {command.Name}")}";
        return NearestName.Of(argument, known) is { } nearest ? $"{error}; did you mean {nearest}?" : error;
    }
}
